"""What is said about children, the programmes that may name them and the ages that hold, and how it is shown."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.community.programmes.schemas import ProgrammeId
from services.members.directory.people.models import AgeBand
from services.members.fields import Paragraph, PersonId, Reference
from services.members.trust.children import models
from services.members.trust.children.models import Lack
from services.members.trust.children.rules import Ages
from services.members.trust.jurisdictions import Jurisdiction
from services.members.trust.permissions.schemas import Notice
from shared.editing import Changes
from shared.fields import Body, Name, View
from shared.ids import Id

CountId = Annotated[str, Id("childcount")]
Age = Annotated[int, Field(ge=0, le=18)]


class ParentalPermission(Body):
    """Who with parental responsibility allows a child to be named: somebody of the movement, or anybody by name."""

    person: PersonId | None = None
    name: Name | None = None
    given_on: date
    notice: Notice

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.person is None) == (self.name is None):
            raise PydanticCustomError("one_way", "needs either person or name")
        return self


class NewChildRecord(Body):
    """What lets a child be named: a programme that may, their own yes, whoever permits it, and when to ask again."""

    programme: ProgrammeId
    own_yes_on: date = Field(description="the day on which the child said yes themself")
    parental_permission: ParentalPermission | None = Field(
        None, description="needed under the age of the jurisdiction that the programme takes place in"
    )
    review_on: date


class ChildRecordChanges(Changes):
    """What is to be different, such as after a review. A yes that is newer than its withdrawal takes that back."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"parental_permission"})

    programme: ProgrammeId | None = None
    own_yes_on: date | None = None
    parental_permission: ParentalPermission | None = None
    review_on: date | None = None


class Withdrawal(Body):
    """The day, today unless another is named, on which the child or whoever permitted it said no."""

    on: date | None = None


class Permitted(View):
    """Who with parental responsibility allowed a child to be named."""

    person: PersonId | None
    name: str | None
    given_on: date
    notice: Notice | None


class ChildRecord(View):
    """A child's record. ``lacks`` says why nothing is sent to or shown of them; empty where nothing is missing."""

    person: PersonId
    programme: ProgrammeId
    own_yes_on: date
    parental_permission: Permitted | None
    review_on: date
    withdrawn_on: date | None
    version: int
    recorded_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, record: models.ChildRecord) -> Self:
        """A record as the API shows it."""
        given_on = record.permission_given_on
        notice = Notice.stored(
            record.permission_notice, record.permission_notice_version, record.permission_notice_language
        )
        permission = None
        if given_on is not None:
            permission = Permitted(person=record.parent, name=record.parent_name, given_on=given_on, notice=notice)
        return cls(
            person=record.person,
            programme=record.programme,
            own_yes_on=record.own_yes_on,
            parental_permission=permission,
            review_on=record.review_on,
            withdrawn_on=record.withdrawn_on,
            version=record.version,
            recorded_at=record.recorded_at,
            updated_at=record.updated_at,
        )


class Child(View):
    """Somebody who is a child, without their name: their record, and what it lacks to be used."""

    person: PersonId
    age_band: AgeBand
    record: ChildRecord | None
    lacks: list[Lack]

    @classmethod
    def of(cls, person: str, band: str, record: models.ChildRecord | None, lacks: Sequence[Lack]) -> Self:
        """A child as the API shows them."""
        shown = None if record is None else ChildRecord.of(record)
        return cls(person=person, age_band=AgeBand(band), record=shown, lacks=list(lacks))


class Rule(View):
    """The ages that hold in a jurisdiction, in years, and where they are from. ``version`` 0: as the law has them."""

    jurisdiction: Jurisdiction
    child_under: int = Field(description="under this age somebody is named only with a child's record")
    permission_under: int = Field(description="under this age whoever has parental responsibility permits it too")
    review_days: int = Field(description="how many days ahead the review of a record may be")
    source: str
    version: int
    updated_at: datetime | None

    @classmethod
    def of(cls, ages: Ages) -> Self:
        """Ages as the API shows them."""
        return cls(
            jurisdiction=ages.jurisdiction,
            child_under=ages.child_under,
            permission_under=ages.permission_under,
            review_days=ages.review_days,
            source=ages.source,
            version=ages.version,
            updated_at=ages.updated_at,
        )


class RuleChanges(Changes):
    """Other ages to go by. Where they are from is said each time."""

    child_under: Age | None = None
    permission_under: Age | None = None
    review_days: Annotated[int, Field(ge=1, le=3660)] | None = None
    source: Paragraph = Field("", min_length=1)

    @model_validator(mode="after")
    def _with_source(self) -> Self:
        if "source" not in self.model_fields_set:
            raise PydanticCustomError("source_missing", "has no source")
        return self


class NewChildProgramme(Body):
    """That a programme may name children: where it takes place, and the impact assessment behind it."""

    programme: ProgrammeId
    jurisdiction: Jurisdiction
    impact_assessment: Reference = Field(examples=["DPIA-2026-04"])
    review_on: date = Field(description="the day by which the impact assessment is looked at again")


class ChildProgrammeChanges(Changes):
    """What is to be different. From ``ended_on`` the programme names no children."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"ended_on"})

    jurisdiction: Jurisdiction | None = None
    impact_assessment: Reference | None = None
    review_on: date | None = None
    ended_on: date | None = None


class ChildProgramme(View):
    """A programme that may name children, until the day before ``ended_on``."""

    programme: ProgrammeId
    jurisdiction: Jurisdiction
    impact_assessment: str
    review_on: date
    ended_on: date | None
    version: int
    updated_at: datetime

    @classmethod
    def of(cls, row: models.ChildProgramme) -> Self:
        """A programme as the API shows it."""
        return cls(
            programme=row.programme,
            jurisdiction=Jurisdiction(row.jurisdiction),
            impact_assessment=row.impact_assessment,
            review_on=row.review_on,
            ended_on=row.ended_on,
            version=row.version,
            updated_at=row.updated_at,
        )
