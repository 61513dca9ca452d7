"""Every SQL statement about forms and their versions."""

from sqlalchemy.orm import Session

from services.grants.forms.models import FormVersion


def find_version(session: Session, movement: str, version_id: str) -> FormVersion | None:
    """A version of a form."""
    return session.get(FormVersion, (movement, version_id))
