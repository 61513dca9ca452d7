"""Every SQL statement about licences."""

from sqlalchemy.orm import Session

from services.measures.instruments.models import Licence


def get(session: Session, movement: str, instrument: str) -> Licence | None:
    """The movement's licence of an instrument, or None."""
    return session.get(Licence, (movement, instrument))


def lock(session: Session, movement: str, instrument: str) -> Licence | None:
    """The same, held until the end of the transaction."""
    return session.get(Licence, (movement, instrument), with_for_update=True, populate_existing=True)


def add(session: Session, licence: Licence) -> None:
    """Enter a licence, at once."""
    session.add(licence)
    session.flush()
