"""The worker that asks for the report of each award that was paid, and tells of those that are overdue."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta

from services.grants.reports import domain, store
from shared import clock
from shared.parts import Parts
from shared.settings import Settings

SECONDS_BETWEEN_LOOKS = 5.0
_SLICE = 100
_FURTHEST_EAST = timedelta(hours=14)
"""UTC+14 is the zone in which each day begins first."""


async def ask_for_reports(parts: Parts) -> None:
    """Look again and again. Killed at any moment, it goes on with the next look."""
    while True:
        await look(parts)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def look(parts: Parts) -> None:
    """Ask for what nobody asked for yet, and tell of what is overdue, in slices that let other writers in between."""
    while unasked := await parts.db.read(store.awards_without, _SLICE):
        for movement, award in unasked:
            await parts.acting_in(movement).write(domain.ask_once, movement, award, _due_by(parts.settings))
    for movement in await parts.db.read(store.movements_with_overdue, (clock.now() + _FURTHEST_EAST).date()):
        while await parts.acting_in(movement).write(domain.call_overdue, movement, _SLICE):
            pass  # other writers come between two slices


def _due_by(settings: Settings) -> Callable[[date, date | None], date]:
    """Until when a report is due: some days after what was awarded for ends, or after the first payment."""

    def due(day: date, ends_on: date | None) -> date:
        if ends_on is None:
            return day + timedelta(days=settings.report_due_after_payment_days)
        return max(day, ends_on) + timedelta(days=settings.report_due_days)

    return due
