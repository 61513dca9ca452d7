"""Children: no marketing, no publication and no other organisation's tool; nothing else without a whole record."""

from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

from services.members.trust.children import allowing, store
from services.members.trust.children.rules import Ages
from services.members.trust.jurisdictions import Jurisdiction
from services.members.trust.permissions.asked import Asked, Barred
from services.members.trust.permissions.models import Channel

NEVER = frozenset({Channel.PUBLICATION, Channel.SHARING})
"""What no child is in, whatever anybody allowed: public feeds, and CRMs and other tools that data is handed on to."""


def children(session: Session, movement: str, asked: Asked) -> Barred:
    """Whoever is too young for what is asked; in the movement's own work nobody is: it has to see what lacks."""
    if asked.channel is Channel.RECORD:
        return frozenset()
    ages = tuple(allowing.in_force(session, movement).items())
    return _who(movement, ages, asked.day, lacking=not asked.purpose.marketing and asked.channel not in NEVER)


def every_child(session: Session, movement: str, day: date) -> Barred:
    """Whoever is a child: nobody else is kept out."""
    return _who(movement, tuple(allowing.in_force(session, movement).items()), day, lacking=False)


@lru_cache(maxsize=256)  # of one day it is the same query each time, and takes longer to make than to run
def _who(movement: str, ages: tuple[tuple[Jurisdiction, Ages], ...], day: date, *, lacking: bool) -> Barred:
    return (store.lacking if lacking else store.all_children)(movement, dict(ages), day)
