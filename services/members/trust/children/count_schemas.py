"""What is said of children who are counted and not named, and how it is shown."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.community.programmes.schemas import ProgrammeId
from services.members.directory.people.models import AgeBand
from services.members.fields import OrganisationId, Slug
from services.members.trust.children import models
from services.members.trust.children.schemas import CountId
from shared.editing import Changes
from shared.fields import Body, View

Children = Annotated[int, Field(ge=0, le=1_000_000)]
Stage = Annotated[Slug, Field(examples=["year_7", "p7"])]


class NewChildCount(Body):
    """How many children of a setting took part, from a day to another; the same child is counted once."""

    setting: OrganisationId = Field(description="the school, ward or home that knows them by name")
    programme: ProgrammeId | None = None
    starts_on: date
    ends_on: date
    age_band: AgeBand | None = None
    stage: Stage | None = Field(None, description="a school's own name of a stage, by its jurisdiction")
    children: Children

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends_on < self.starts_on:
            raise PydanticCustomError("before_start", "ends before it starts")
        return self


class ChildCountChanges(Changes):
    """A count that is put right."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"age_band", "stage"})

    age_band: AgeBand | None = None
    stage: Stage | None = None
    children: Children | None = None


class ChildCount(View):
    """How many children of a setting took part. A true count, for those who run the programme: not for sharing."""

    id: CountId
    setting: OrganisationId
    programme: ProgrammeId | None
    starts_on: date
    ends_on: date
    age_band: AgeBand | None
    stage: str | None
    children: int
    not_for_sharing: bool = Field(True, description="a small number may point at somebody")
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, count: models.ChildCount) -> Self:
        """A count as the API shows it."""
        return cls(
            id=count.id,
            setting=count.setting,
            programme=count.programme,
            starts_on=count.starts_on,
            ends_on=count.ends_on,
            age_band=None if count.age_band is None else AgeBand(count.age_band),
            stage=count.stage,
            children=count.children,
            version=count.version,
            created_at=count.created_at,
            updated_at=count.updated_at,
        )
