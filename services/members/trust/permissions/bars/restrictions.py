"""People whose data rests: they asked to restrict its processing, or object to it (UK GDPR, articles 18 and 21)."""

from sqlalchemy.orm import Session

from services.members.trust.permissions.asked import Asked, Barred


def restricted(session: Session, movement: str, asked: Asked) -> Barred:
    """Whoever asked that their data is stored and not used otherwise."""
    return frozenset()


def objected(session: Session, movement: str, asked: Asked) -> Barred:
    """Whoever objects to the purpose, and was not refused."""
    return frozenset()
