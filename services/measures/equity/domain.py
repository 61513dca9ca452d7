"""The query of equity: a measure across the categories of one dimension, at one place in one period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.equity import gaps
from services.measures.equity.gaps import Group, NoIndex, Share, Weights, whole
from services.measures.measures import domain as measures
from services.measures.measures import store as measures_store
from services.measures.measures.models import Kind, Measure, MeasureVersion, VersionStatus
from services.measures.measures.schemes import Dimension
from services.measures.periods import Period
from services.measures.places.domain import read_place
from services.measures.places.models import Place
from services.measures.rollups.domain import one_of_each
from services.measures.rollups.wholes import cell_of, find_dimension
from services.measures.series.domain import Completeness, period_of, read_figures
from services.measures.series.store import Cut
from services.measures.series.trends import Figure
from shared.errors import Fault, Invalid
from shared.statistics import Difference, Slope


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures. `population` is a version whose figures count the people of each cell; `worst_last` says that the
    most disadvantaged category is the dimension's last."""

    place: str
    period: str
    dimension: str
    cell: str
    worst_last: bool
    population: str | None
    version: str | None
    reporter: str | None
    programme: str
    activity: str
    as_of: datetime | None


class Equity(NamedTuple):
    """A measure across groups, from the most disadvantaged where they have an order."""

    measure: Measure
    version: MeasureVersion
    place: Place
    period: Period
    dimension: Dimension
    wanted: Wanted
    everybody: Figure | None
    groups: Sequence[Group]
    shares: Sequence[Share]
    gap: Difference | None
    inequality: tuple[Slope, Weights] | NoIndex
    completeness: Completeness


def read_equity(session: Session, movement: str, measure: str, wanted: Wanted) -> Equity:
    """The groups' figures, and how far they lie apart.

    Raises NotFound, NotPublished, Ambiguous, and Invalid for a period of another type, a dimension that the version
    does not have, or a population that is no version of the movement.
    """
    found, version = measures.definition_to_read(session, movement, measure, wanted.version)
    place = read_place(session, movement, wanted.place)
    dimension = find_dimension(version.scheme, wanted.dimension)
    period = period_of(version, "period", wanted.period)
    if period is None:
        raise Invalid(faults=[Fault("?period", "is missing", "missing")])
    categories = list(reversed(dimension["categories"])) if wanted.worst_last else dimension["categories"]
    cells = [cell_of(wanted.cell, dimension["key"], each["key"]) for each in categories]
    start = period.start.isoformat()
    cut = Cut(
        [version.id], [place.code], [wanted.cell, *cells], start, start, wanted.reporter, wanted.programme,
        wanted.activity, wanted.as_of,
    )  # fmt: skip
    figures = read_figures(session, movement, cut, version)
    one_of_each(figures, [])
    of_cell = {figure.known.cell: figure for figure in figures}
    people = _population(session, movement, wanted, cells, period)
    groups = [
        Group(each["key"], each["title"], cell, of_cell.get(cell), people.get(cell))
        for each, cell in zip(categories, cells, strict=True)
    ]
    kind = Kind(version.kind)
    missing = [each.cell for each in groups if each.figure is None or each.figure.reading.value is None]
    return Equity(
        found, version, place, period, dimension, wanted, of_cell.get(wanted.cell), groups, gaps.shares(groups, kind),
        gaps.gap(groups, kind, version.unit), gaps.index(groups, ordered=dimension["ordered"]),
        Completeness(len(groups), len(groups) - len(missing), missing),
    )  # fmt: skip


def _population(
    session: Session, movement: str, wanted: Wanted, cells: Sequence[str], period: Period
) -> dict[str, int]:
    """How many people each cell has there: the newest figures of the population's version that the period touches."""
    if wanted.population is None:
        return {}
    version = measures_store.get_version(session, movement, wanted.population)
    published = version is not None and version.status == VersionStatus.PUBLISHED
    if version is None or not published or version.kind not in (Kind.STOCK, Kind.FLOW):
        reason = "is no published version of the movement that counts people"
        raise Invalid(faults=[Fault("?population", reason, "unknown_version")])
    cut = Cut([version.id], [wanted.place], cells, None, period.end.isoformat(), as_of=wanted.as_of)
    since = period.start.isoformat()
    figures = [each for each in read_figures(session, movement, cut, version) if each.known.end >= since]
    counted = {each.known.cell: whole(each.known.amount) for each in figures}
    return {cell: count for cell, count in counted.items() if count is not None}
