"""What an adoption asks for in a period, and what of it is there. Pure.

A figure that is suppressed is there; one that was not collected, or is not applicable, is explained: nobody waits for
it any more, and nobody has it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.measures.adoptions.models import Adoption
from services.measures.measures.models import Boundaries, MeasureVersion
from services.measures.nesting import between, containing, following
from services.measures.observations.models import FigureStatus
from services.measures.periods import Period, PeriodType
from services.measures.places.existence import not_there
from services.measures.places.models import Span

Key = tuple[str | None, date]
"""A place (None: any) and the first day of a period."""
EXPLAINED = frozenset({FigureStatus.NOT_COLLECTED, FigureStatus.NOT_APPLICABLE})


class State(StrEnum):
    """Where a return stands on a day."""

    RUNNING = "running"
    DUE = "due"
    OVERDUE = "overdue"
    COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many figures are asked for, how many of them are there, and for how many it was said why not."""

    expected: int = 0
    reported: int = 0
    explained: int = 0

    @property
    def missing(self) -> int:
        """How many nobody has said anything of."""
        return self.expected - self.reported - self.explained

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(self.expected + other.expected, self.reported + other.reported, self.explained + other.explained)


class OfPartner(NamedTuple):
    """How much of what one adoption asks for is there."""

    adoption: str
    organisation: str | None
    counts: Counts


class Completeness(NamedTuple):
    """How much is there of what all adoptions of a version ask for, and of each of them."""

    total: Counts
    partners: Sequence[OfPartner]


@dataclass(frozen=True, slots=True)
class Missing:
    """A figure that nobody has said anything of. Without a place, any place would do."""

    place: str | None
    period: str


@dataclass(frozen=True, slots=True)
class Return:
    """What one period of the cadence asks for, and what of it is there."""

    period: Period
    due_on: date
    counts: Counts
    missing: Sequence[Missing]

    @property
    def next_day(self) -> date:
        """The first day of the period after it."""
        return self.period.end + timedelta(days=1)

    def state(self, today: date) -> State:
        """Where it stands on this day. A period that asks for nothing is complete."""
        if not self.missing:
            return State.COMPLETE
        if today > self.due_on:
            return State.OVERDUE
        return State.RUNNING if today <= self.period.end else State.DUE


@dataclass(frozen=True, slots=True)
class Asked:
    """What an adoption asks for: its days, how often, the periods of its version, and the places that it is about."""

    first: date
    last: date
    cadence: PeriodType
    due_days: int
    period_type: PeriodType
    year_starts: str
    boundaries: Boundaries
    places: Mapping[str, Span]

    @classmethod
    def of(cls, adoption: Adoption, version: MeasureVersion, places: Mapping[str, Span]) -> "Asked":
        """What this adoption of that version asks for."""
        return cls(
            adoption.first_day, adoption.last_day, PeriodType(adoption.cadence), adoption.due_days,
            PeriodType(version.period_type), version.year_starts, Boundaries(version.boundaries), places,
        )  # fmt: skip

    def periods(self, first: date, last: date) -> Iterator[Period]:
        """The cadence's periods that touch these days and have something to be reported, in order."""
        begin = next(between(max(first, self.first), self.last, self.period_type, self.year_starts), None)
        if begin is None:
            return
        period = containing(begin.start, self.cadence, self.year_starts)
        while period.start <= min(last, self.last):
            if next(self._figures_in(period), None) is not None:
                yield period
            period = following(period, self.cadence, self.year_starts)

    def keys(self, first: date, last: date) -> Iterator[tuple[str | None, Period]]:
        """The place and the period of every figure that is asked for in these days."""
        for period in between(max(first, self.first), min(last, self.last), self.period_type, self.year_starts):
            if not self.places:
                yield None, period
            for code, span in self.places.items():
                if not_there(span, period, self.boundaries) is None:
                    yield code, period

    def of_period(self, period: Period, known: Mapping[Key, FigureStatus]) -> Return:
        """The return of one period, beside what is known by now."""
        counts, missing = counted(self.keys(period.start, period.end), known)
        return Return(period, period.end + timedelta(days=self.due_days), counts, missing)

    def _figures_in(self, period: Period) -> Iterator[Period]:
        return between(max(period.start, self.first), min(period.end, self.last), self.period_type, self.year_starts)


def counted(
    asked: Iterator[tuple[str | None, Period]], known: Mapping[Key, FigureStatus]
) -> tuple[Counts, list[Missing]]:
    """How many figures are asked for, there and explained, and which are missing."""
    expected = reported = explained = 0
    missing: list[Missing] = []
    for place, period in asked:
        expected += 1
        status = known.get((place, period.start))
        if status is None:
            missing.append(Missing(place, period.text))
        elif status in EXPLAINED:
            explained += 1
        else:
            reported += 1
    return Counts(expected, reported, explained), missing


def by_key(rows: Sequence[tuple[str, str, str]]) -> dict[Key, FigureStatus]:
    """Statuses by place and by first day, and by first day alone; of several cells the one that is there counts.

    The rows are place, first day and status of the newest revisions.
    """
    known: dict[Key, FigureStatus] = {}
    for place, start, text in rows:
        status, day = FigureStatus(text), date.fromisoformat(start)
        for key in ((place, day), (None, day)):
            if key not in known or known[key] in EXPLAINED:
                known[key] = status
    return known
