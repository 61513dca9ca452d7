"""Measures and versions as they are sent and answered."""

from datetime import datetime
from typing import Self

from pydantic import BaseModel, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from services.measures.fields import Key, MeasureId, Text, VersionId
from services.measures.measures import models
from services.measures.measures.domain import Definition
from services.measures.measures.models import RATIO_UNITS, Boundaries, Direction, Kind, VersionStatus
from services.measures.periods import ACTIVE_LIVES_YEAR, PeriodType, starts_a_year
from shared.fields import Body, Name


class NewMeasure(Body):
    """What is to be counted, in words."""

    key: Key = Field(description="A stable word for it, unique in the movement.", examples=["inactive_adults"])
    title: Name = Field(examples=["Adults who are physically inactive"])
    description: Text = Field("", description="What it is for and how to read it.")


class Measure(BaseModel):
    """Something that a movement keeps a common count of."""

    id: MeasureId
    key: str
    title: str
    description: str
    created_at: datetime

    @classmethod
    def of(cls, measure: models.Measure) -> Self:
        return cls(
            id=measure.id, key=measure.key, title=measure.title, description=measure.description,
            created_at=measure.created_at,
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

    def definition(self) -> Definition:
        """The same, as the domain takes it."""
        return Definition(**{name: getattr(self, name) for name in type(self).model_fields})


class Version(BaseModel):
    """One definition of a measure; once published it never changes."""

    id: VersionId
    measure: MeasureId
    number: int = Field(description="Counted from 1 within the measure.")
    status: VersionStatus
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
    created_at: datetime
    published_at: datetime | None

    @classmethod
    def of(cls, version: models.MeasureVersion) -> Self:
        return cls.model_validate(version, from_attributes=True)
