"""How long what is kept for safeguarding is kept once it is over, and deleting it then. Nothing of it is told.

A concern that the lead keeps longer (`kept_until`) stays until that day is over; what is not over stays in any case.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services.members import days
from services.members.trust.safeguarding import store
from services.members.trust.safeguarding.checks.models import Check
from services.members.trust.safeguarding.concerns.models import Concern
from services.members.trust.safeguarding.models import Record
from services.members.trust.safeguarding.tables import SEALED_KINDS, SealedKind, over_on
from shared.keeping import Keeping
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 3600.0
_ROWS_A_SLICE = 50


class Due(NamedTuple):
    """What of a kind is due: for how long it is kept, how many there are, and which have been over for longer."""

    kind: SealedKind
    days: int
    kept: int
    due: Sequence[str]


async def delete_what_is_over(parts: Parts) -> None:
    """Look again and again, until cancelled. Killed, it goes on with the next look."""
    while True:
        await look(parts)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def look(parts: Parts) -> None:
    """Delete what has been over for long enough, in slices that let other writers in between, and clear the disk."""
    deleted = False
    for movement in await parts.db.read(store.movements, [kind.table for kind in SEALED_KINDS]):
        for found in await parts.db.read(due, movement, parts.settings):
            for start in range(0, len(found.due), _ROWS_A_SLICE):
                some = found.due[start : start + _ROWS_A_SLICE]
                await parts.db.write(delete_some, movement, found, some)
                deleted = True
    if deleted:
        await parts.db.scrub(())


def due(session: Session, movement: str, settings: Keeping) -> Sequence[Due]:
    """By kind what is kept, and what of it is due today."""
    return [_due(session, movement, kind, settings) for kind in SEALED_KINDS]


def delete_some(session: Session, movement: str, of: Due, ids: Sequence[str]) -> None:
    """Delete those of some records that are still due: the lead may have decided to keep one meanwhile."""
    table, on = of.kind.table, _On.now(session, movement)
    for id_ in ids:
        record = store.for_change(session, movement, table, of.kind.record, id_)
        if record is not None and on.is_due(record, of.days):
            store.delete(session, movement, table, id_)


class _On(NamedTuple):
    """The day that it is where the movement is."""

    today: date
    zone: ZoneInfo

    @classmethod
    def now(cls, session: Session, movement: str) -> Self:
        return cls(days.today(session, movement), ZoneInfo(days.zone(session, movement)))

    def is_due(self, record: Record, kept: int) -> bool:
        over = over_on(record, self.zone)
        if isinstance(record, Concern) and record.kept_until is not None and record.kept_until >= self.today:
            return False
        return over is not None and over + timedelta(days=kept) < self.today


def _due(session: Session, movement: str, kind: SealedKind, settings: Keeping) -> Due:
    kept = settings.check_kept_days if kind.record is Check else settings.safeguarding_kept_days
    on, records = _On.now(session, movement), list(store.every(session, movement, kind.table, kind.record))
    return Due(kind, kept, len(records), [each.id for each in records if on.is_due(each, kept)])
