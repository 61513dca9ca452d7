"""What is said about programmes, and how they, their roles and their story are shown."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.community.programmes import models
from services.members.community.programmes import story as told
from services.members.community.programmes.models import AlignedTo, Condition, Function, Programme, Role
from services.members.fields import OrganisationId, Paragraph, Reference
from shared.editing import Changes
from shared.fields import Body, Name, View
from shared.ids import Id

ProgrammeId = Annotated[str, Id("programme")]
RolePeriodId = Annotated[str, Id("role")]
PartnerId = Annotated[str, Id("partner")]


def _once(given: list[str]) -> list[str]:
    return list(dict.fromkeys(given))


Functions = Annotated[list[Function], Field(max_length=len(Function)), AfterValidator(_once)]
Conditions = Annotated[list[Condition], Field(max_length=len(Condition)), AfterValidator(_once)]
Outcomes = Annotated[list[Reference], Field(max_length=30), AfterValidator(_once)]


class _InOrder(Body):
    """Something from a day on, perhaps until the day before another."""

    starts_on: date
    ended_on: date | None = Field(None, description="the first day on which it is no longer so")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ended_on is not None and self.ended_on <= self.starts_on:
            raise PydanticCustomError("before_start", "ends before it starts")
        return self


class NewRole(_InOrder):
    """A role that the backbone comes to in a programme, or had once."""

    role: Role
    why: Paragraph | None = Field(None, examples=["nobody else could yet"])
    ended_why: Paragraph | None = Field(None, examples=["outsourced to the school sports partnership"])


class NewPartner(_InOrder):
    """An organisation that takes part in a programme, and its part in it."""

    organisation: OrganisationId
    part: Paragraph = Field(examples=["runs the sessions in the Forest of Dean"])


class Ending(Body):
    """The first day on which it is no longer so, today unless another is named, and why."""

    on: date | None = None
    why: Paragraph | None = None


class NewProgramme(Body):
    """A programme, what it is for, and what the backbone does in it to begin with."""

    name: Name = Field(examples=["Daily Mile"])
    lead: OrganisationId
    aims: Paragraph
    starts_on: date | None = None
    ended_on: date | None = Field(None, description="the day from which it is no more")
    functions: Functions = Field(default_factory=list)
    conditions: Conditions = Field(default_factory=list)
    outcomes: Outcomes = Field(default_factory=list, description="in the movement's own words")


class ProgrammeChanges(Changes):
    """What to change. What it is aligned to is replaced, a kind at a time."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"starts_on", "ended_on"})

    name: Name | None = None
    lead: OrganisationId | None = None
    aims: Paragraph | None = None
    starts_on: date | None = None
    ended_on: date | None = None
    functions: Functions | None = None
    conditions: Conditions | None = None
    outcomes: Outcomes | None = None


class RoleHeld(View):
    """A role of the backbone in a programme, until the day before `ended_on`."""

    id: RolePeriodId
    role: Role
    starts_on: date
    ended_on: date | None
    why: str | None
    ended_why: str | None

    @classmethod
    def of(cls, period: models.RolePeriod) -> Self:
        """A role as the API shows it."""
        return cls(
            id=period.id,
            role=Role(period.role),
            starts_on=period.starts_on,
            ended_on=period.ended_on,
            why=period.why,
            ended_why=period.ended_why,
        )


class PartnerShown(View):
    """An organisation's part in a programme, until the day before `ended_on`."""

    id: PartnerId
    organisation: OrganisationId
    part: str
    starts_on: date
    ended_on: date | None

    @classmethod
    def of(cls, partner: models.Partner) -> Self:
        """A partner as the API shows it."""
        return cls(
            id=partner.id,
            organisation=partner.organisation,
            part=partner.part,
            starts_on=partner.starts_on,
            ended_on=partner.ended_on,
        )


class ProgrammeShown(View):
    """A programme with every role that the backbone ever had in it, the oldest first, and every partner."""

    id: ProgrammeId
    version: int
    name: str
    lead: OrganisationId
    aims: str
    starts_on: date | None
    ended_on: date | None
    functions: list[Function]
    conditions: list[Condition]
    outcomes: list[str]
    roles: list[RoleHeld]
    partners: list[PartnerShown]
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, programme: Programme) -> Self:
        """A programme as the API shows it."""
        return cls(
            id=programme.id,
            version=programme.version,
            name=programme.name,
            lead=programme.lead,
            aims=programme.aims,
            starts_on=programme.starts_on,
            ended_on=programme.ended_on,
            functions=[Function(word) for word in programme.aligned_to(AlignedTo.FUNCTION)],
            conditions=[Condition(word) for word in programme.aligned_to(AlignedTo.CONDITION)],
            outcomes=programme.aligned_to(AlignedTo.OUTCOME),
            roles=[RoleHeld.of(period) for period in programme.roles],
            partners=[PartnerShown.of(partner) for partner in programme.partners],
            created_at=programme.created_at,
            updated_at=programme.updated_at,
        )


class PartOn(View):
    """The backbone's part in a programme on a day, and who else took part."""

    on: date
    roles: list[RoleHeld]
    partners: list[PartnerShown]

    @classmethod
    def of(cls, programme: Programme, on: date) -> Self:
        """A day as the API shows it."""
        return cls(
            on=on,
            roles=[RoleHeld.of(period) for period in programme.roles_on(on)],
            partners=[PartnerShown.of(partner) for partner in programme.partners_on(on)],
        )


class Chapter(View):
    """A day on which the backbone's part changed: the roles from then on, and the change in words."""

    on: date
    roles: list[Role]
    words: str


class Story(View):
    """How the backbone's part in a programme changed, the oldest change first, and how it is today."""

    programme: ProgrammeId
    name: str
    chapters: list[Chapter]
    now: str

    @classmethod
    def of(cls, programme: Programme, today: date) -> Self:
        """A programme's story as the API tells it."""
        story = told.story(programme, today)
        chapters = [Chapter(on=each.on, roles=list(each.roles), words=each.words) for each in story.chapters]
        return cls(programme=programme.id, name=programme.name, chapters=chapters, now=story.now)
