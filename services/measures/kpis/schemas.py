"""KPIs and ratings as they are sent and answered."""

from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Annotated, NamedTuple, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from services.measures.fields import Key, KpiId, OrganisationId, RatingId, Text, VersionId
from services.measures.kpis import models
from services.measures.kpis.models import Source
from services.measures.kpis.rating import Rates
from services.measures.observations.models import EVERYBODY
from shared.editing import Changes
from shared.fields import Body, GssCode, Name, View, line

Number = Annotated[Decimal, Field(max_digits=15, decimal_places=6, allow_inf_nan=False)]
Counted = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z_]{0,39}$")]
Owner = Annotated[str, line(100)]


class Band(Body):
    """A word, and where its band begins."""

    word: Annotated[str, line(40)] = Field(examples=["on track"])
    least: Number | None = Field(None, description="The lowest value that has this word; null: it has no lower end.")


def _cover_everything(bands: list[Band]) -> list[Band]:
    """Each value has exactly one word: one band has no lower end, and no two begin at the same value."""
    if sum(band.least is None for band in bands) != 1 or len({band.least for band in bands}) < len(bands):
        raise PydanticCustomError("bands", "one band, and only one, has no lower end, and each begins elsewhere")
    return bands


Bands = Annotated[list[Band], Field(min_length=1, max_length=10), AfterValidator(_cover_everything)]


class NewKpi(Body):
    """A number that the movement steers by."""

    key: Key = Field(examples=["active_champions"])
    title: Name = Field(examples=["Champions and co-owners"])
    definition: Text = Field("", description="What it says and what not, in words.")
    organisation: OrganisationId | None = Field(None, description="Whose it is; null is the movement's own.")
    owner: Owner = Field(description="The role that answers for it.", examples=["Head of partnerships"])
    source: Source
    measure_version: VersionId | None = Field(None, description="For a figure: by which version.")
    place: GssCode | None = Field(None, description="For a figure: where.")
    cell: str | None = Field(None, max_length=500, description="For a figure: the group; everybody, where null.")
    counted: Counted | None = Field(
        None, description="For people: the rung from which on they count. For rounds and awards: the state they are in."
    )
    target: Number | None = Field(
        None, description="Where it is to come to; of a figure the target that is set for its period, where null."
    )
    rates: Rates = Field(Rates.VALUE, description="Whether bands are of the value, or of per cent of the target.")
    bands: Bands

    @model_validator(mode="after")
    def _of_one_source(self) -> Self:
        of_figure = self.measure_version is not None and self.place is not None
        if self.source is Source.FIGURE and (not of_figure or self.counted is not None):
            raise PydanticCustomError("source", "a figure needs its version and its place, and counts nothing")
        if self.source is not Source.FIGURE and (self.measure_version or self.place or self.cell):
            raise PydanticCustomError("source", "what is counted has no version, place or cell")
        return self

    @property
    def group(self) -> str | None:
        """The cell of a figure."""
        return (self.cell or EVERYBODY) if self.source is Source.FIGURE else None


class KpiChanges(Changes):
    """What is to be different; a field that is left out stays as it is. What it counts is another KPI."""

    may_be_empty = frozenset({"target"})

    title: Name | None = None
    definition: Text | None = None
    owner: Owner | None = None
    target: Number | None = None
    rates: Rates | None = None
    bands: Bands | None = None
    archived: bool | None = None


class Rating(View):
    """What a KPI was at a moment, and how it was rated by the rule that it had then."""

    id: RatingId
    kpi: KpiId
    kpi_version: int
    value: float | None = Field(description="Null where it is `withheld`.")
    period: str | None = Field(description="That of the figure; null for what was counted at that moment.")
    target: float | None
    word: str | None
    withheld: bool = Field(
        description="The caller may not see the count where it is kept, or is a partner and it is a figure."
    )
    rated_at: datetime

    @classmethod
    def of(cls, rating: models.KpiRating, source: Source, seen: Collection[Source]) -> Self:
        """The rating as it is shown to whoever may see what comes from these sources."""
        shown = cls.model_validate(
            {name: getattr(rating, name) for name in cls.model_fields if name != "withheld"} | {"withheld": False}
        )
        if source in seen:
            return shown
        return shown.model_copy(update={"value": None, "word": None, "withheld": True})


class Shown(NamedTuple):
    """A KPI, the id that answers for whose it is now, and its newest rating."""

    kpi: models.Kpi
    organisation: str | None
    rating: models.KpiRating | None


class Kpi(View):
    """A number that the movement steers by, and how it was rated last."""

    id: KpiId
    key: str
    title: str
    definition: str
    organisation: OrganisationId | None
    owner: str
    source: Source
    measure_version: VersionId | None
    place: GssCode | None
    cell: str | None
    counted: str | None
    target: float | None
    rates: Rates
    bands: list[Band]
    archived: bool
    rating: Rating | None = Field(description="The newest; null where it was never rated.")
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, shown: Shown, seen: Collection[Source]) -> Self:
        """The KPI as it is shown to whoever may see what comes from these sources."""
        kpi = shown.kpi
        own = {name: getattr(kpi, name) for name in cls.model_fields if name not in ("organisation", "rating")}
        rating = None if shown.rating is None else Rating.of(shown.rating, Source(kpi.source), seen)
        return cls.model_validate(own | {"organisation": shown.organisation, "rating": rating})
