"""What day it is for a movement: activities, windows of days and due dates are reckoned in its time zone."""

from datetime import date

from sqlalchemy.orm import Session

from services.members.movements import store
from shared import clock

DEFAULT_ZONE = "Europe/London"
"""The gateway's own default, for a movement whose announcement has not come yet."""


def zone(session: Session, movement: str) -> str:
    """The movement's IANA time zone, such as ``Pacific/Auckland``; asked once a transaction."""
    zones: dict[str, str] = session.info.setdefault("zones", {})
    if movement not in zones:
        zones[movement] = store.zone(session, movement) or DEFAULT_ZONE
    return zones[movement]


def today(session: Session, movement: str) -> date:
    """The calendar day it is now where the movement is."""
    return clock.today(zone(session, movement))
