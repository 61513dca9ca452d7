"""Children: no marketing, no publication and no other organisation's tool; nothing else without a whole record."""

from datetime import date

from sqlalchemy.orm import Session

from services.members.trust.children import allowing, store
from services.members.trust.permissions.asked import Asked, Barred
from services.members.trust.permissions.models import Channel

NEVER = frozenset({Channel.PUBLICATION, Channel.SHARING})
"""What no child is in, whatever anybody allowed: public feeds, and CRMs and other tools that data is handed on to."""


def children(session: Session, movement: str, asked: Asked) -> Barred:
    """Whoever is too young for what is asked; in the movement's own work nobody is: it has to see what lacks."""
    if asked.channel is Channel.RECORD:
        return frozenset()
    ages = allowing.in_force(session, movement)
    if asked.purpose.marketing or asked.channel in NEVER:
        return store.all_children(movement, ages, asked.day)
    return store.lacking(movement, ages, asked.day)


def every_child(session: Session, movement: str, day: date) -> Barred:
    """Whoever is a child: nobody else is kept out."""
    return store.all_children(movement, allowing.in_force(session, movement), day)
