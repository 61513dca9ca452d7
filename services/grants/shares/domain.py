"""Summing up whose the money of a time is."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from datetime import time as clock_time

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from services.grants import days
from services.grants.shares import store
from services.grants.shares.schemas import AwardShares, AwardsShared, Funding, FundingShares, PartOfAwards
from services.grants.shares.store import Awarded, Time
from shared.errors import Fault, Invalid
from shared.money import Money
from shared.partners.answering import present_ids

_UNLESS_SAID = relativedelta(years=1)
"""How far back is looked where nobody says since when."""


def awards(session: Session, movement: str, since: date | None, on: date | None) -> AwardShares:
    """Who decides the awards of a time and whom they go to. Raises Invalid."""
    time, present = _time(session, movement, since, on), present_ids(session, movement)

    def now(rows: Iterable[Awarded]) -> dict[str, list[Awarded]]:
        """By currency, under the ids that organisations have now; those of one that was merged are one."""
        merged: dict[tuple[str, str | None], Awarded] = {}
        for row in rows:
            whose = None if row.organisation is None else present(row.organisation)
            before = merged.get((row.currency, whose), Awarded(row.currency, whose, 0, 0))
            merged[row.currency, whose] = before._replace(
                pence=before.pence + row.pence, number=before.number + row.number
            )
        found: defaultdict[str, list[Awarded]] = defaultdict(list)
        for row in merged.values():
            found[row.currency].append(row)
        return found

    by, to = now(store.by_whom(session, movement, time)), now(store.to_whom(session, movement, time))
    shared = [_shared(currency, by[currency], to[currency]) for currency in sorted(by)]
    return AwardShares(since=time.since, on=time.on, awards=shared)


def funding(session: Session, movement: str, since: date | None, on: date | None) -> FundingShares:
    """How much of what came in within a time is the backbone's own. Raises Invalid."""
    time = _time(session, movement, since, on)
    own, given, brought = (of(session, movement, time) for of in (store.secured, store.awarded, store.brought_in))
    shared = []
    for currency in sorted(own | given | brought):
        backbone, awarded, others = (of.get(currency, 0) for of in (own, given, brought))
        shared.append(
            Funding(
                backbone=Money.of(backbone, currency),
                awarded=Money.of(awarded, currency),
                brought_in=Money.of(others, currency),
                share=round(backbone / (backbone + awarded + others), 4),
            )
        )
    return FundingShares(since=time.since, on=time.on, funding=shared)


def _shared(currency: str, by: list[Awarded], to: list[Awarded]) -> AwardsShared:
    whole = sum(row.pence for row in by)

    def parts(rows: list[Awarded]) -> list[PartOfAwards]:
        return [
            PartOfAwards(
                organisation=row.organisation,
                amount=Money.of(row.pence, currency),
                number=row.number,
                share=round(row.pence / whole, 4),
            )
            for row in sorted(rows, key=lambda row: (-row.pence, row.organisation or ""))
        ]

    number = sum(row.number for row in by)
    return AwardsShared(amount=Money.of(whole, currency), number=number, by=parts(by), to=parts(to))


def _time(session: Session, movement: str, since: date | None, on: date | None) -> Time:
    day = on or days.today(session, movement)
    begin = since or day - _UNLESS_SAID
    if begin >= day:
        raise Invalid(faults=[Fault("?since", "is not before the day that is looked at", "before_start")])
    zone, later = days.zone(session, movement), timedelta(days=1)
    begins, ends = (datetime.combine(each + later, clock_time.min, zone) for each in (begin, day))
    return Time(begin, day, begins, ends)
