"""Protected people: their whereabouts are hidden, and no list shows them."""

from datetime import date

from sqlalchemy.orm import Session

from services.members.trust.permissions.asked import Asked, Barred
from services.members.trust.safeguarding.protected import store


def protected(session: Session, movement: str, asked: Asked) -> Barred:
    """Whoever is protected and would be shown or found by what is asked."""
    return store.protected(session, movement)


def everybody_protected(session: Session, movement: str, day: date) -> Barred:
    """The same: a protected person is kept out of everything."""
    return store.protected(session, movement)
