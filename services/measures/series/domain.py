"""The query of series: what is known of one measure at one place, how complete it is, and where it goes."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.disclosure.border import across
from services.measures.measures import domain as measures
from services.measures.measures.models import Kind, Measure, MeasureVersion
from services.measures.nesting import between
from services.measures.observations.models import FigureStatus
from services.measures.periods import NotAPeriod, Period, PeriodType, parse
from services.measures.places.domain import read_places
from services.measures.places.models import PlaceRow
from services.measures.series import points, store
from services.measures.series.chain import Chain, chain
from services.measures.series.store import Cut, Known
from services.measures.series.targets import Aim, aims
from services.measures.series.trends import Figure, NoTrend, trend_of
from shared.errors import Fault, Invalid
from shared.statistics import Trend

MOST_REVISIONS = 5_000
"""Revisions that one answer reads; more than that is asked for piece by piece."""

MOST_MISSING = 100
"""Missing ones that an answer names; beyond that it counts them."""


_about = attrgetter("start", "place", "cell", "reporter", "programme", "activity")
"""What a figure is about, whichever version of its definition it goes by; in the order of series."""
_start = attrgetter("start")
"""Figures of one version come in the order of places, and then in that of series: to sort them by this is enough."""


class TooLong(Invalid):
    """There are too many figures for one answer."""

    code, title = "series_too_long", f"There are more than {MOST_REVISIONS} figures; narrow it with from and to"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which series: `first` and `last` are periods, both included; None is open. `as_of` None is now.

    `since` is the version to begin with, where more than one may be read as one series.
    """

    place: str
    cell: str
    version: str | None = None
    since: str | None = None
    reporter: str | None = None
    programme: str | None = None
    activity: str | None = None
    first: str | None = None
    last: str | None = None
    as_of: datetime | None = None


class Completeness(NamedTuple):
    """How many figures there should be, how many there are, and the first of those that are missing, by name."""

    expected: int
    present: int
    missing: Sequence[str]


class Series(NamedTuple):
    """One measure at one place, in the order of time."""

    measure: Measure
    chain: Chain
    place: PlaceRow
    wanted: Wanted
    figures: Sequence[Figure]
    completeness: Completeness
    trend: Trend | NoTrend
    aims: Sequence[Aim]

    @property
    def version(self) -> MeasureVersion:
        """The version that is read: the newest of the chain."""
        return self.chain.versions[0]


def read_series(session: Session, movement: str, measure: str, wanted: Wanted) -> Series:
    """What was known at `as_of`: of each period and reporter the newest revision of that time.

    Without a version it is that of the newest published one. Raises NotFound, NotPublished, TooLong, DefinitionBreak,
    and Invalid for a period of another type.
    """
    return read_by_place(session, movement, measure, wanted, [wanted.place])[0]


def read_by_place(session: Session, movement: str, measure: str, wanted: Wanted, codes: Sequence[str]) -> list[Series]:
    """The same at several places (the place that is wanted does not matter), in their order. Raises likewise."""
    found, version = measures.definition_to_read(session, movement, measure, wanted.version)
    linked = chain(session, movement, version, wanted.since)
    places = read_places(session, movement, codes)
    first, last = (period_of(version, name, text) for name, text in (("from", wanted.first), ("to", wanted.last)))
    cut = Cut(
        [each.id for each in linked.versions], codes, [wanted.cell], first.start.isoformat() if first else None,
        last.start.isoformat() if last else None, wanted.reporter, wanted.programme, wanted.activity, wanted.as_of,
    )  # fmt: skip
    figures: defaultdict[str, list[Figure]] = defaultdict(list)
    for figure in as_read(_known(session, movement, cut), version):  # those of one place come by period
        figures[figure.known.place].append(figure)
    aimed = aims(session, movement, [version.id], codes, wanted.cell)
    return [
        Series(
            found, linked, place, replace(wanted, place=place.code), figures[place.code],
            _completeness(version, figures[place.code], first, last),
            trend_of(figures[place.code], bridged=bool(linked.bridges)),
            aimed.get((version.id, place.code), ()),
        )
        for place in places
    ]  # fmt: skip


def periods_shown(series: Series) -> list[str]:
    """Every period from the first that is known, asked for or aimed at to the last, with a figure or without."""
    periods = [(figure.known.start, figure.known.period) for figure in series.figures]
    periods += [(aim.start, aim.period) for aim in series.aims]
    for name, text in (("from", series.wanted.first), ("to", series.wanted.last)):
        if (period := period_of(series.version, name, text)) is not None:
            periods.append((period.start.isoformat(), period.text))
    if not periods:
        return []
    first, last = (period_of(series.version, "", text) for _, text in (min(periods), max(periods)))
    return (
        []
        if first is None or last is None
        else [period.text for period in periods_between(series.version, first.start, last.end)]
    )


def read_figures(session: Session, movement: str, cut: Cut, version: MeasureVersion) -> list[Figure]:
    """The figures of a cut as they read, by period; where versions overlap, that of the newest. Raises TooLong."""
    return as_read(sorted(_known(session, movement, cut), key=_start), version)


def _known(session: Session, movement: str, cut: Cut) -> list[Known]:
    """What whoever asks may see of them, each once; those of a place by period. Raises TooLong."""
    known = store.figures(session, movement, cut, MOST_REVISIONS)
    if known is None:
        raise TooLong()
    known = across(session, movement, known)
    return _by_newest_version(known, cut.versions) if len(cut.versions) > 1 else known


def as_read(known: Sequence[Known], version: MeasureVersion) -> list[Figure]:
    """Figures of one measure with what each says by this version, in their order."""
    readings = points.read_all([each.amount for each in known], Kind(version.kind), version.unit)
    return [Figure(each, reading) for each, reading in zip(known, readings, strict=True)]


def _by_newest_version(known: Sequence[Known], versions: Sequence[str]) -> list[Known]:
    """Each figure once, as the newest of the versions that have it says; those of a period as of one version."""
    age = {version: place for place, version in enumerate(versions)}
    newest = {_about(each): each for each in sorted(known, key=lambda it: -age[it.version])}
    return sorted(newest.values(), key=_about)


def period_of(version: MeasureVersion, parameter: str, text: str | None) -> Period | None:
    """The period that a parameter names. Raises Invalid for one of another type."""
    if text is None:
        return None
    try:
        return parse(text, PeriodType(version.period_type), version.year_starts)
    except NotAPeriod as error:
        raise Invalid(faults=[Fault(f"?{parameter}", str(error), "invalid_period")]) from None


def periods_between(version: MeasureVersion, first: date, last: date) -> Sequence[Period]:
    """The version's periods that lie in these days as a whole."""
    return _periods_between(first, last, PeriodType(version.period_type), version.year_starts)


@lru_cache(maxsize=256)
def _periods_between(first: date, last: date, period_type: PeriodType, year_starts: str) -> tuple[Period, ...]:
    return tuple(between(first, last, period_type, year_starts))


def _completeness(
    version: MeasureVersion, figures: Sequence[Figure], first: Period | None, last: Period | None
) -> Completeness:
    """Of the periods asked for, or from the first to the last that are known: those of which there is a figure."""
    known = [each.known for each in figures]
    begin = first.start if first else date.fromisoformat(known[0].start) if known else None
    end = last.end if last else date.fromisoformat(known[-1].end) if known else None
    expected = periods_between(version, begin, end) if begin and end else []
    reported = FigureStatus.REPORTED
    there = {each.period for each in known if each.amount.status is reported}
    missing = [period.text for period in expected if period.text not in there]
    return Completeness(len(expected), len(expected) - len(missing), missing[:MOST_MISSING])
