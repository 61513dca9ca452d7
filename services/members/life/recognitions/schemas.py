"""What is said of recognition schemes and of what they give, and how both are shown."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field

from services.members.community.programmes.schemas import ProgrammeId
from services.members.fields import OrganisationId, Paragraph, PersonId, Reference
from services.members.life.recognitions.models import Recognition, RecognitionState, Scheme
from services.members.life.whose import Whose
from shared.editing import Changes
from shared.fields import Body, Name, View
from shared.ids import Id

SchemeId = Annotated[str, Id("scheme")]
RecognitionId = Annotated[str, Id("recognition")]
Criteria = Annotated[list[Reference], Field(min_length=1, max_length=30)]
Months = Annotated[int, Field(ge=1, le=240, strict=True)]


class NewScheme(Body):
    """What is recognised, by which criteria, and for how long."""

    name: Name = Field(examples=["Daily Mile school"])
    about: Paragraph | None = None
    criteria: Criteria = Field(examples=[["Every class goes out on three days a week or more."]])
    months: Months | None = Field(None, description="how long it holds; without an end where left out")
    organisation: OrganisationId | None = Field(None, description="who gives it")
    programme: ProgrammeId | None = Field(None, description="the programme that it came of")


class SchemeChanges(Changes):
    """What is to be different from now on; what was given stands under the criteria of its time."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"about", "months"})

    name: Name | None = None
    about: Paragraph | None = None
    criteria: Criteria | None = None
    months: Months | None = None


class SchemeShown(View):
    """A recognition scheme."""

    id: SchemeId
    name: str
    about: str | None
    criteria: list[str]
    months: int | None
    organisation: OrganisationId | None
    programme: ProgrammeId | None
    closed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, scheme: Scheme) -> Self:
        """A scheme as the API shows it."""
        return cls.model_validate(scheme, from_attributes=True)


class NewRecognition(Whose):
    """Whom a scheme recognises, and how they met its criteria."""

    scheme: SchemeId
    evidence: Paragraph = Field(examples=["Seen on a visit on 3 May; the register of March."])
    given_on: date | None = Field(None, description="today unless it was before")
    until: date | None = Field(None, description="the last day; by the months of the scheme unless it is said")


class Ending(Body):
    """From which day on it holds no longer, today unless another is named, and why."""

    why: Paragraph
    on: date | None = None


class RecognitionShown(View):
    """What a scheme recognises somebody for, and how that stands today."""

    id: RecognitionId
    scheme: SchemeId
    person: PersonId | None
    organisation: OrganisationId | None
    criteria: list[str]
    evidence: str
    given_on: date
    until: date | None
    state: RecognitionState
    ended_on: date | None
    ended_why: str | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, recognition: Recognition, today: date) -> Self:
        """A recognition as the API shows it on a day."""
        about = {name: getattr(recognition, name) for name in cls.model_fields if name != "state"}
        return cls(**about, state=recognition.state_on(today))
