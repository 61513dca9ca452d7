"""What day it is for a movement, in one place: due dates and expiries are reckoned by it."""

from datetime import date

from sqlalchemy.orm import Session

from shared import clock


def today(session: Session, movement: str) -> date:
    """The calendar day it is now where the movement is."""
    return clock.now().date()
