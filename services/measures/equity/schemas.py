"""Equity as it is answered."""

from datetime import datetime
from typing import Literal, Self

from pydantic import Field

from services.measures.comparisons.schemas import Difference
from services.measures.disclosure.sharing import Sharing, of_all
from services.measures.equity import domain
from services.measures.equity.gaps import Group as Read
from services.measures.equity.gaps import NoIndex, Share, Weights
from services.measures.fields import VersionId
from services.measures.series.queries import OfNoneQuery, VersionQuery
from services.measures.series.schemas import Completeness, MeasureRead, PlaceRead, Point
from shared import statistics
from shared.fields import GssCode, View


class EquityQuery(VersionQuery, OfNoneQuery):
    """Which groups, where and when."""

    place: GssCode = Field(description="Where.")
    period: str = Field(max_length=20, description="The period.", examples=["2023/24"])
    dimension: str = Field(max_length=40, description="A dimension of the version's scheme.")
    worst_last: bool = Field(
        False,
        description="The most disadvantaged category is the last; otherwise it is the first, as decile 1 of IMD is.",
    )
    population: VersionId | None = Field(
        None, description="A version whose figures count the people of each group there."
    )

    def wanted(self) -> domain.Wanted:
        """The same, as the domain takes it."""
        return domain.Wanted(**{name: getattr(self, name) for name in type(self).model_fields})


class Ends(View):
    """A figure with its interval."""

    value: float
    low: float
    high: float
    level: float

    @classmethod
    def of(cls, value: float, interval: statistics.Interval) -> Self:
        ends = round(interval.low, 6), round(interval.high, 6)
        return cls(value=round(value, 6), low=ends[0], high=ends[1], level=interval.level)


class Group(View):
    """A category of the dimension."""

    key: str
    title: str
    cell: str
    known: bool = Field(description="False of those whose group is not known: they have no place in the order.")
    figure: Point | None
    population: int | None
    share: float | None = Field(description="Of all who are counted and whose group is known.")
    population_share: float | None
    participation_ratio: Ends | None = Field(
        description="Share over population share: 0.5 where half as many come as the group's size would have it. The "
        "interval is Wilson's of the share; the population is taken as known."
    )

    @classmethod
    def of(cls, group: Read, share: Share) -> Self:
        ratio = share.ratio
        return cls(
            key=group.key, title=group.title, cell=group.cell, known=not group.unknown,
            figure=None if group.figure is None else Point.of(group.figure), population=group.population,
            share=share.counted, population_share=share.population,
            participation_ratio=None if ratio is None else Ends.of(ratio.value, ratio.interval),
        )  # fmt: skip


class Index(View):
    """Inequality across the whole order: everybody on a scale from the most to the least disadvantaged."""

    slope: Ends = Field(description="SII, in the measure's unit: above 0 there is more among the most disadvantaged.")
    relative: Ends | None = Field(description="RII: the one end over the other. Null where the line falls to 0.")
    most_disadvantaged: float = Field(description="The line's value at that end.")
    least_disadvantaged: float
    weights: Weights = Field(description="What the groups' places on the scale were reckoned from.")
    method: Literal["weighted_regression_on_midranks"] = "weighted_regression_on_midranks"

    @classmethod
    def of(cls, slope: statistics.Slope, weights: Weights) -> Self:
        relative = slope.relative
        return cls(
            slope=Ends.of(slope.value, slope.interval),
            relative=None if relative is None else Ends.of(relative.value, relative.interval),
            most_disadvantaged=round(slope.most_disadvantaged, 6),
            least_disadvantaged=round(slope.least_disadvantaged, 6), weights=weights,
        )  # fmt: skip


class Equity(View):
    """One measure across the groups of a dimension, at one place in one period."""

    measure: MeasureRead
    place: PlaceRead
    period: str
    dimension: str
    as_of: datetime | None
    sharing: Sharing = Field(description="Of all figures together: that of the most guarded.")
    everybody: Point | None = Field(description="The figure of all together, as it was reported.")
    groups: list[Group] = Field(description="The most disadvantaged first, where the dimension has an order.")
    gap: Difference | None = Field(description="The first known group less the last.")
    index: Index | None
    no_index: NoIndex | None = Field(description="Why there is no index.")
    completeness: Completeness

    @classmethod
    def of(cls, read: domain.Equity) -> Self:
        none = isinstance(read.inequality, NoIndex)
        return cls(
            measure=MeasureRead.of(read.measure, read.version), place=PlaceRead.of(read.place),
            period=read.period.text, dimension=read.dimension["key"], as_of=read.wanted.as_of,
            sharing=of_all(group.figure.known.sharing for group in read.groups if group.figure),
            everybody=None if read.everybody is None else Point.of(read.everybody),
            groups=[Group.of(group, share) for group, share in zip(read.groups, read.shares, strict=True)],
            gap=None if read.gap is None else Difference.of(read.gap, read.version.kind),
            index=None if isinstance(read.inequality, NoIndex) else Index.of(*read.inequality),
            no_index=read.inequality if none else None, completeness=Completeness.of(read.completeness),
        )  # fmt: skip
