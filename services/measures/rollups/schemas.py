"""Roll-ups as they are answered."""

from datetime import datetime
from typing import Self

import msgspec
from pydantic import Field

from services.measures.disclosure.sharing import Sharing, of_all
from services.measures.geography.domain import MAIN
from services.measures.measures.rollups import Over
from services.measures.rollups import domain
from services.measures.series.queries import Hierarchy, VersionQuery
from services.measures.series.schemas import Completeness, MeasureRead, PlaceRead, Point, Reading
from services.measures.series.trends import Figure
from shared import statistics
from shared.fields import GssCode, View


class RollUpQuery(VersionQuery):
    """What is to become one."""

    over: list[Over] = Field(min_length=1, max_length=5, description="What the figures differ in.")
    place: GssCode = Field(description="Where; over places, the whole.")
    places: list[GssCode] = Field([], max_length=400, description="Over places: these, instead of all within `place`.")
    kind: str | None = Field(None, max_length=60, description="Over places: only those of this kind.")
    hierarchy: Hierarchy = MAIN
    first: str = Field(alias="from", max_length=20, description="The first period.", examples=["2023-04"])
    last: str | None = Field(None, alias="to", max_length=20, description="The last period; the first where left out.")
    dimension: str | None = Field(None, max_length=40, description="Over cells: the dimension.")
    programme: str | None = Field(None, max_length=80, description="Only figures of this programme; empty is none.")
    activity: str = Field("", max_length=80, description="Only figures of this activity; empty is none.")

    def wanted(self) -> domain.Wanted:
        """The same, as the domain takes it."""
        asked = {name: getattr(self, name) for name in type(self).model_fields}
        return domain.Wanted(**asked | {"last": self.last or self.first})


class Unique(View):
    """How many different people there are, where the same one may be in several figures: max(a, b) to a + b."""

    low: int = Field(description="At least: the largest of the figures.")
    high: int | None = Field(description="At most: their sum. Null where one of them is open or missing.")

    @classmethod
    def of(cls, bounds: statistics.Bounds) -> Self:
        return cls(low=bounds.low, high=bounds.high)


class Part(Point):
    """One of the figures that became one."""

    place: str
    cell: str

    @classmethod
    def of_part(cls, figure: Figure) -> Self:
        """The figure as any other answer has it, and of whom it is."""
        same = msgspec.structs.asdict(Point.of(figure))
        return cls(**same, place=figure.known.place, cell=figure.known.cell)


class RollUp(View):
    """Several figures as one. Either there is a figure, or there are bounds of how many different people there are."""

    measure: MeasureRead
    place: PlaceRead
    over: list[Over]
    period_from: str
    period_to: str
    cell: str
    as_of: datetime | None
    sharing: Sharing = Field(description="Of all parts together: that of the most guarded.")
    figure: Reading | None = Field(
        description="Reckoned from the components of the parts: never a mean of their values."
    )
    unique: Unique | None
    own: Point | None = Field(
        description="The figure that the whole has of its own, as England has: it need not be that of its parts."
    )
    completeness: Completeness
    parts: list[Part]

    @classmethod
    def of(cls, read: domain.RollUpRead) -> Self:
        wanted, amount, unique = read.wanted, read.rolled.amount, read.rolled.unique
        return cls(
            measure=MeasureRead.of(read.measure, read.version), place=PlaceRead.of(read.place), over=list(wanted.over),
            period_from=wanted.first, period_to=wanted.last, cell=wanted.cell, as_of=wanted.as_of,
            sharing=of_all(part.known.sharing for part in read.parts),
            figure=Reading.of_amount(amount, read.reading) if amount and read.reading else None,
            unique=None if unique is None else Unique.of(unique),
            own=None if read.own is None else Point.of(read.own), completeness=Completeness.of(read.completeness),
            parts=[Part.of_part(part) for part in read.parts],
        )  # fmt: skip
