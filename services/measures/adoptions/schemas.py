"""Adoptions and what they ask for, as they are sent and answered."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.measures.adoptions import returns
from services.measures.adoptions.models import Shown
from services.measures.adoptions.returns import Completeness, State
from services.measures.fields import AdoptionId, OrganisationId, VersionId
from services.measures.periods import PeriodType
from shared.editing import Changes
from shared.fields import Body, GssCode, View

DueDays = Annotated[int, Field(ge=0, le=3650)]
Places = Annotated[list[GssCode], Field(max_length=500, description="The places that it reports of.")]
MOST_MISSING = 100


class NewAdoption(Body):
    """That a partner will report by a published version."""

    organisation: OrganisationId | None = Field(None, description="The partner; null is the movement itself.")
    measure_version: VersionId
    cadence: PeriodType | None = Field(
        None, description="How often it reports; the version's own periods fill one of these. Those, where null."
    )
    starts_on: date = Field(description="The first day that it reports of.")
    until: date | None = Field(None, description="The last day that it reports of; null while there is none.")
    due_days: DueDays | None = Field(
        None, description="Days after the end of a period until its return is due; BACKBONE_RETURN_DUE_DAYS where null."
    )
    places: Places = Field(default_factory=list)

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until < self.starts_on:
            raise PydanticCustomError("invalid_span", "ends before it starts")
        return self


class AdoptionChanges(Changes):
    """What is to be different; a field that is left out stays as it is."""

    may_be_empty = frozenset({"until"})

    until: date | None = None
    due_days: DueDays | None = None
    places: Places | None = None


class Adoption(View):
    """That a partner reports by a published version."""

    id: AdoptionId
    organisation: OrganisationId | None = Field(description="The partner, by the id that answers for it now.")
    measure_version: VersionId
    cadence: PeriodType
    starts_on: date
    until: date | None
    due_days: int
    places: list[GssCode]
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, shown: Shown) -> Self:
        row = shown.adoption
        return cls(
            id=row.id, organisation=shown.organisation, measure_version=row.measure_version,
            cadence=PeriodType(row.cadence), starts_on=row.first_day,
            until=None if row.until is None else row.last_day, due_days=row.due_days, places=row.places,
            version=row.version, created_at=row.created_at, updated_at=row.updated_at,
        )  # fmt: skip


class MissingFigure(View):
    """A figure that nobody has said anything of."""

    place: GssCode | None = Field(description="Null where the adoption names no places: any would do.")
    period: str


class Return(View):
    """What one period asks of a partner, and what of it is there."""

    period: str
    period_start: date
    period_end: date
    due_on: date
    state: State = Field(description="`running` until the period ends, then `due`; `complete` as soon as it is.")
    expected: int = Field(description="Figures that are asked for: one a place and period of the version.")
    reported: int = Field(description="Those that are there, suppressed ones too.")
    explained: int = Field(description="Those of which it was said that they were not collected or not applicable.")
    missing_count: int
    missing: list[MissingFigure] = Field(description=f"The first {MOST_MISSING} of them.")

    @classmethod
    def of(cls, due: returns.Return, today: date) -> Self:
        return cls(
            period=due.period.text, period_start=due.period.start, period_end=due.period.end, due_on=due.due_on,
            state=due.state(today), expected=due.counts.expected, reported=due.counts.reported,
            explained=due.counts.explained, missing_count=due.counts.missing,
            missing=[MissingFigure(place=each.place, period=each.period) for each in due.missing[:MOST_MISSING]],
        )  # fmt: skip


class PartnersCompleteness(View):
    """How much of what one adoption asks for is there."""

    adoption: AdoptionId
    organisation: OrganisationId | None
    expected: int
    reported: int
    explained: int
    missing_count: int


class VersionsCompleteness(View):
    """How much of what all adoptions of a version ask for in some days is there."""

    measure_version: VersionId
    expected: int
    reported: int
    explained: int
    missing_count: int
    partners: list[PartnersCompleteness]

    @classmethod
    def of(cls, version: str, found: Completeness) -> Self:
        total = found.total
        return cls(
            measure_version=version, expected=total.expected, reported=total.reported, explained=total.explained,
            missing_count=total.missing,
            partners=[
                PartnersCompleteness(
                    adoption=each.adoption, organisation=each.organisation, expected=each.counts.expected,
                    reported=each.counts.reported, explained=each.counts.explained, missing_count=each.counts.missing,
                )
                for each in found.partners
            ],
        )  # fmt: skip
