"""How long records of awards stay whole: for years after the end of the financial year in which the award ended.

Records of money have to be kept for six years (BACKBONE_GRANT_RECORDS_KEPT_YEARS); after that nothing says why we
should still know whom to reach, who signed and into whose account it was paid (UK GDPR, article 5(1)(e)). Which group
had how much, when, where and out of whose money stays: awards, journal and open data are read on.
"""

import asyncio
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from services.grants.awards import forgetting
from services.grants.ledger.years.calendar import DayOfYear
from services.grants.ledger.years.domain import year_ends
from shared import clock
from shared.parts import Parts

EVERY_SECONDS = 600.0


async def old_awards_forgotten(parts: Parts) -> None:
    """The worker: looks now and then for awards whose records were kept long enough."""
    while True:
        await forget_old(parts)
        await asyncio.sleep(EVERY_SECONDS)


async def forget_old(parts: Parts) -> int:
    """Forget the people in old awards' records, a few at a time; answers of how many applications."""
    today = clock.now().date()
    then = DayOfYear(today.month, today.day).of(today.year - parts.settings.grant_records_kept_years)
    forgotten = 0
    for movement in await parts.db.read(forgetting.movements, _midnight(then)):
        before = await parts.db.read(_year_began, movement, then, parts.settings.financial_year_ends)
        while gone := await parts.db.write(forgetting.forget, movement, before):
            forgotten += gone
    return forgotten


def _year_began(session: Session, movement: str, day: date, default: str) -> datetime:
    """When the movement's financial year began that a day lies in: those before it had ended by that day."""
    return _midnight(year_ends(session, movement, default).day.year_of(day)[0])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
