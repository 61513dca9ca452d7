"""What day it is for a movement, in one place: due dates and expiries are reckoned by it."""

from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from shared.partners import store
from shared.partners.answering import DEFAULT_ZONE, today

__all__ = ["today", "zone"]


def zone(session: Session, movement: str) -> ZoneInfo:
    """The time zone in which the movement reckons its days."""
    return ZoneInfo(store.zone(session, movement) or DEFAULT_ZONE)
