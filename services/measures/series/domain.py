"""The one query of series."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.measures import domain as measures
from services.measures.measures.models import Kind, Measure, MeasureVersion
from services.measures.observations import store
from services.measures.observations.store import Seen
from services.measures.periods import NotAPeriod, PeriodType, parse
from services.measures.places.domain import read_place
from services.measures.places.models import Place
from services.measures.series import points
from services.measures.series.points import Reading
from shared.errors import Fault, Invalid

MOST_REVISIONS = 5_000
"""Revisions that one series reads; more than that is asked for piece by piece."""


class TooLong(Invalid):
    """The series has too many figures for one answer."""

    code, title = "series_too_long", f"The series has more than {MOST_REVISIONS} figures; narrow it with from and to"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which series: `first` and `last` are periods, both included; None is open. `as_of` None is now."""

    place: str
    cell: str
    version: str | None
    reporter: str | None
    first: str | None
    last: str | None
    as_of: datetime | None


class Point(NamedTuple):
    """One figure of a series, and how it reads."""

    seen: Seen
    reading: Reading


class Series(NamedTuple):
    """One measure at one place, in the order of time."""

    measure: Measure
    version: MeasureVersion
    place: Place
    wanted: Wanted
    points: Sequence[Point]


def read_series(session: Session, movement: str, measure: str, wanted: Wanted) -> Series:
    """What was known at `as_of`: of each period and reporter the newest revision of that time.

    Without a version it is that of the newest published one. Raises NotFound, NotPublished, TooLong, and Invalid for
    a period of another type.
    """
    found = measures.read_measure(session, movement, measure)
    version = measures.version_to_read(session, movement, measure, wanted.version)
    place = read_place(session, movement, wanted.place)
    revisions = store.series(
        session, movement, version.id, place.code, wanted.cell, first=_start(version, "from", wanted.first),
        last=_start(version, "to", wanted.last), reporter=wanted.reporter, as_of=wanted.as_of, limit=MOST_REVISIONS + 1,
    )  # fmt: skip
    if len(revisions) > MOST_REVISIONS:
        raise TooLong()
    # They come by period, reporter and revision, so the newest of each period and reporter is the one that stays.
    newest = {(seen.observation.period_start, seen.observation.reporter): seen for seen in revisions}
    kind = Kind(version.kind)
    read = [Point(seen, points.read(seen.observation.amount, kind, version.unit)) for seen in newest.values()]
    return Series(found, version, place, wanted, read)


def _start(version: MeasureVersion, parameter: str, period: str | None) -> str | None:
    """The first day of a period that bounds the series."""
    if period is None:
        return None
    try:
        return parse(period, PeriodType(version.period_type), version.year_starts).start.isoformat()
    except NotAPeriod as error:
        raise Invalid(faults=[Fault(f"?{parameter}", str(error), "invalid_period")]) from None
