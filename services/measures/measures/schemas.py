"""Measures and versions as they are sent and answered."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from services.measures.fields import Key, MeasureId, Text, VersionId
from services.measures.measures import models
from services.measures.measures.breakdowns import Dimension, Scheme
from services.measures.measures.comparing import Comparison
from services.measures.measures.domain import Definition
from services.measures.measures.models import RATIO_UNITS, Boundaries, Comparability, Direction, Kind, VersionStatus
from services.measures.measures.rollups import Over, RollUp, senseless
from services.measures.periods import ACTIVE_LIVES_YEAR, PeriodType, starts_a_year
from shared.editing import Changes
from shared.errors import Fault, Invalid
from shared.fields import Body, Name, View


class NewMeasure(Body):
    """What is to be counted, in words."""

    key: Key = Field(description="A stable word for it, unique in the movement.", examples=["inactive_adults"])
    title: Name = Field(examples=["Adults who are physically inactive"])
    description: Text = Field("", description="What it is for and how to read it.")


class MeasureChanges(Changes):
    """What is to be different; a field that is left out stays as it is."""

    title: Name | None = None
    description: Text | None = None


class Measure(View):
    """Something that a movement keeps a common count of."""

    id: MeasureId
    key: str
    title: str
    description: str
    taken: bool = Field(description="It is another movement's, taken from the commons: it can be forked, not changed.")
    forked_from: VersionId | None = Field(description="The version that it was made out of.")
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, measure: models.Measure) -> Self:
        return cls(
            id=measure.id, key=measure.key, title=measure.title, description=measure.description,
            taken=measure.origin is not None, forked_from=measure.forked_from, version=measure.version,
            created_at=measure.created_at, updated_at=measure.updated_at,
        )  # fmt: skip


class NewVersion(Body):
    """A definition. A ratio's unit is one of proportion, percent, per_1000, per_10000 and per_100000."""

    kind: Kind
    unit: Key = Field(description="What one of it is.", examples=["percent", "people", "hours"])
    direction: Direction = Direction.NEITHER
    numerator_description: Text = Field("", examples=["Adults with less than 30 active minutes a week"])
    denominator_description: Text = Field("", examples=["All adults asked"])
    population: Text = Field("", description="Who is counted.", examples=["Residents"])
    age_base: Text = Field("", examples=["19 and over"])
    period_type: PeriodType
    year_starts: str = Field(
        ACTIVE_LIVES_YEAR,
        description="The first day of a survey year, `MM-DD`; of no meaning to the other period types. The default is "
        "that of the Active Lives Adult Survey, mid-November to mid-November.",
    )
    boundaries: Boundaries = Field(
        Boundaries.AS_AT,
        description="`as_at`: a figure is for a place that existed in its period. `back_cast`: also for today's "
        "places in the years before they existed, reckoned back by the publisher.",
    )

    instrument: Key | None = Field(None, description="The key of the instrument that it is asked with.")
    instrument_version: Annotated[int, Field(ge=1)] | None = None
    scheme: Scheme = Field(
        default_factory=list,
        description="How figures are broken down. Empty leaves the cells to whoever reports; else others are refused.",
    )
    distinct: bool = Field(
        False,
        description="What is counted are people or groups, and the same one may be counted in two figures: where no "
        "sum is declared, two figures only bound how many there are.",
    )
    roll_ups: dict[Over, RollUp] = Field(
        default_factory=dict,
        description="Over what figures may be rolled up, and how; not at all where nothing is said. A sum of "
        "`distinct` ones declares that nobody is counted twice there.",
        examples=[{"place": "recompute", "period": "none"}],
    )
    profile: Key | None = Field(
        None, description="The sensitivity profile that its figures leave under; the movement's own where null."
    )
    comparability: Comparability | None = Field(
        None,
        description="How its figures stand to those of the version published before it: `same`, `bridged` (read the "
        "note), `break`. Said by nobody, it is a break; the first version has none.",
    )
    bridge_note: Text = Field("", description="For a bridge: what changed, and how both are to be read together.")

    @field_validator("roll_ups")
    @classmethod
    def _sensible(cls, roll_ups: dict[Over, RollUp], about: ValidationInfo) -> dict[Over, RollUp]:
        kind: Kind | None = about.data.get("kind")  # none where that is at fault itself
        if kind and (reasons := [f"{over}: {why}" for over, why in senseless(kind, roll_ups)]):
            raise PydanticCustomError("senseless_roll_up", "{reasons}", {"reasons": "; ".join(reasons)})
        return roll_ups

    @field_validator("year_starts")
    @classmethod
    def _a_day_of_every_year(cls, year_starts: str) -> str:
        if not starts_a_year(year_starts):
            raise PydanticCustomError("month_day", "is not a month and a day that every year has, such as 11-16")
        return year_starts

    @model_validator(mode="after")
    def _a_ratio_has_a_scale(self) -> Self:
        if self.kind is Kind.RATIO and self.unit not in RATIO_UNITS:
            raise PydanticCustomError(
                "ratio_unit", "a ratio's unit is one of {units}", {"units": ", ".join(RATIO_UNITS)}
            )
        return self

    @model_validator(mode="after")
    def _what_belongs_together(self) -> Self:
        if (self.comparability is Comparability.BRIDGED) != bool(self.bridge_note):
            raise PydanticCustomError("bridge_note", "a bridge has a note, and nothing else has")
        if self.instrument_version is not None and self.instrument is None:
            raise PydanticCustomError("instrument", "the version of an instrument needs the instrument")
        return self

    def definition(self) -> Definition:
        """The same, as the domain takes it."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return Definition(**fields | {"scheme": [dimension.stored() for dimension in self.scheme]})


class Compared(View):
    """Whether figures by two versions may stand beside one another."""

    verdict: Comparability
    notes: list[str] = Field(description="What is to be read with them where they are bridged, from the earlier on.")
    broken_by: VersionId | None = Field(description="The version that broke with those before it.")

    @classmethod
    def of(cls, comparison: Comparison) -> Self:
        return cls(verdict=comparison.verdict, notes=list(comparison.notes), broken_by=comparison.broken_by)


class VersionChanges(Changes):
    """What is to be different in a draft; what is left out stays as it is. Together it must still make sense."""

    may_be_empty = frozenset({"instrument", "instrument_version", "profile", "comparability"})

    kind: Kind | None = None
    unit: Key | None = None
    direction: Direction | None = None
    numerator_description: Text | None = None
    denominator_description: Text | None = None
    population: Text | None = None
    age_base: Text | None = None
    period_type: PeriodType | None = None
    year_starts: str | None = None
    boundaries: Boundaries | None = None
    instrument: Key | None = None
    instrument_version: Annotated[int, Field(ge=1)] | None = None
    scheme: Scheme | None = None
    distinct: bool | None = None
    roll_ups: dict[Over, RollUp] | None = None
    profile: Key | None = None
    comparability: Comparability | None = None
    bridge_note: Text | None = None

    def define(self, version: models.MeasureVersion) -> Definition:
        """The definition that the draft has with these changes. Raises Invalid where that makes no sense."""
        stored = {name: getattr(version, name) for name in NewVersion.model_fields}
        try:
            return NewVersion.model_validate(stored | self.model_dump(exclude_unset=True)).definition()
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            pointers = ["".join(f"/{step}" for step in fault["loc"]) for fault in found]
            faults = [Fault(at, fault["msg"], fault["type"]) for at, fault in zip(pointers, found, strict=True)]
            raise Invalid(faults=faults) from None


class Version(View):
    """One definition of a measure; once published it never changes."""

    id: VersionId
    measure: MeasureId
    number: int = Field(description="Counted from 1 within the measure.")
    status: VersionStatus
    consult_until: date | None = Field(description="The last day on which partners may comment on it.")
    reason: str = Field(description="Why it went back to a draft, or was withdrawn.")
    kind: Kind
    unit: str
    direction: Direction
    numerator_description: str
    denominator_description: str
    population: str
    age_base: str
    period_type: PeriodType
    year_starts: str
    boundaries: Boundaries
    instrument: str | None
    instrument_version: int | None
    scheme: list[Dimension]
    distinct: bool
    roll_ups: dict[Over, RollUp]
    profile: str | None
    comparability: Comparability | None
    bridge_note: str
    follows: VersionId | None = Field(description="The version published before it; null where there is none.")
    version: int = Field(description="How often the draft was changed, for If-Match; `number` is the version's own.")
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None

    @classmethod
    def of(cls, version: models.MeasureVersion) -> Self:
        return cls.model_validate(version, from_attributes=True)
