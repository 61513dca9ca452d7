"""What day it is for a movement: activities, windows of days and due dates are reckoned in its time zone."""

from datetime import date

from shared import clock

ZONE = "Europe/London"
"""The zone of every movement, until movements carry one of their own."""


def today() -> date:
    """The calendar day it is now where the movement is."""
    return clock.today(ZONE)
