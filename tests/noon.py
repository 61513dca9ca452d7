"""The present of a test run: noon UTC when it begins, and it goes on from there.

So no run meets a midnight, neither UTC's nor that of a zone near it: a test may call any moment of its run "today", and
what a test module worked out from the day when it was imported still holds when its last test runs.
"""

from datetime import UTC, datetime, timedelta

from shared import clock


def away_from(noon_of: datetime) -> timedelta:
    """How far a clock is away from one that shows noon of the same day."""
    return noon_of.replace(hour=12, minute=0, second=0, microsecond=0) - noon_of


AWAY = away_from(datetime.now(UTC))
"""Of this run. Processes that a test starts are given it, where they are the tests' own."""


class _Going(clock.Frozen):
    """A clock that goes, some way from the machine's."""

    def __init__(self, away: timedelta) -> None:
        self._away = away

    @property
    def at(self) -> datetime:  # type: ignore[override] # nobody sets it
        return datetime.now(UTC) + self._away


def begin(away: timedelta) -> None:
    """Have this process' clock go this far from the machine's, until it ends."""
    clock._frozen.append(_Going(away))
