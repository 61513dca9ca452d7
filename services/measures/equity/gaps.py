"""What groups' figures say of inequality: gap, slope and relative index, and shares beside the population's. Pure."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from services.measures.measures.models import Kind
from services.measures.observations.models import Amount, Bound, FigureStatus
from services.measures.series.differences import difference
from services.measures.series.trends import Figure
from shared.statistics import Difference, Ratio, Slope, participation_ratio, slope_index
from shared.statistics.inequality import LEAST_GROUPS
from shared.statistics.inequality import Group as Weighed

UNKNOWN = frozenset({"unknown", "not_known", "not_stated", "prefer_not_to_say"})
"""Categories of those whose group is not known: they are shown, and stand at no place of the order."""


class NoIndex(StrEnum):
    """Why there is no slope index."""

    NOT_ORDERED = "not_ordered"
    TOO_FEW_GROUPS = "too_few_groups"
    GROUP_MISSING = "group_missing"
    NO_WEIGHTS = "no_weights"


class Weights(StrEnum):
    """What a group's place on the scale is reckoned from."""

    POPULATION = "population"
    DENOMINATOR = "denominator"


class Group(NamedTuple):
    """A category of the dimension, its figure, and how many people it has; None where not known."""

    key: str
    title: str
    cell: str
    figure: Figure | None
    population: int | None

    @property
    def unknown(self) -> bool:
        """Whether it is the group of those whose group is not known."""
        return self.key in UNKNOWN


class Share(NamedTuple):
    """A group's share of those who are counted, of the population, and the one over the other."""

    counted: float | None
    population: float | None
    ratio: Ratio | None


def gap(groups: Sequence[Group], kind: Kind, unit: str) -> Difference | None:
    """The first known group's figure less the last one's; None where a component is missing."""
    known = [group for group in groups if not group.unknown]
    if len(known) < 2 or known[0].figure is None or known[-1].figure is None:
        return None
    return difference(known[0].figure.known.amount, known[-1].figure.known.amount, kind, unit)


def index(groups: Sequence[Group], *, ordered: bool) -> tuple[Slope, Weights] | NoIndex:
    """The slope index over the known groups, **the most disadvantaged first**, and what it was weighed by.

    By the population where that is known of every group, or else by the figures' denominators. A group without a
    figure leaves no index: a scale with a hole in it is another scale.
    """
    known = [group for group in groups if not group.unknown]
    if not ordered:
        return NoIndex.NOT_ORDERED
    if len(known) < LEAST_GROUPS:
        return NoIndex.TOO_FEW_GROUPS
    values = [group.figure.reading.value for group in known if group.figure is not None]
    there = [value for value in values if value is not None]
    if len(there) < len(known) or any(_bounded(group) for group in known):
        return NoIndex.GROUP_MISSING
    for weights, weigh in ((Weights.POPULATION, _population), (Weights.DENOMINATOR, _denominator)):
        weighed = [weigh(group) for group in known]
        if all(weighed):
            pairs = zip(weighed, there, strict=True)
            return slope_index([Weighed(float(weight or 0), value) for weight, value in pairs]), weights
    return NoIndex.NO_WEIGHTS


def shares(groups: Sequence[Group], kind: Kind) -> list[Share]:
    """Of each group, in order. The bases are all whose group is known, in the figures and in the population."""
    counted = [None if group.unknown else _counted(group.figure, kind) for group in groups]
    people = [None if group.unknown else group.population for group in groups]
    of_all, of_people = (sum(part or 0 for part in parts) for parts in (counted, people))
    return [_share(one, of_all, population, of_people) for one, population in zip(counted, people, strict=True)]


def _share(counted: int | None, of_all: int, population: int | None, of_people: int) -> Share:
    ratio = None
    if counted is not None and of_all and population:
        ratio = participation_ratio(counted, of_all, population, of_people)
    return Share(
        counted / of_all if counted is not None and of_all else None,
        population / of_people if population is not None and of_people else None,
        ratio,
    )


def _counted(figure: Figure | None, kind: Kind) -> int | None:
    """How many people a figure counts: the numerator of a share, a whole number of a flow or stock."""
    amount = None if figure is None else figure.known.amount
    if amount is None or amount.status is not FigureStatus.REPORTED or amount.bound is not Bound.EXACTLY:
        return None
    return amount.numerator if kind is Kind.RATIO else whole(amount) if kind in (Kind.FLOW, Kind.STOCK) else None


def whole(amount: Amount) -> int | None:
    """A value that is a whole number; None of any other."""
    value = None if amount.value is None else Decimal(amount.value)
    return int(value) if value is not None and value == value.to_integral_value() and value >= 0 else None


def _population(group: Group) -> int | None:
    return group.population


def _denominator(group: Group) -> int | None:
    amount = None if group.figure is None else group.figure.known.amount
    return None if amount is None else amount.denominator or amount.n


def _bounded(group: Group) -> bool:
    return group.figure is not None and group.figure.known.amount.bound is not Bound.EXACTLY
