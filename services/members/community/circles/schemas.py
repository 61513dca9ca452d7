"""What is said about circles, terms and decisions, and how they are shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.community.circles import models
from services.members.community.circles.models import Kind, State, TermState
from services.members.fields import Paragraph, PersonId, Slug
from shared.fields import Body, Name, View
from shared.ids import Id

CircleId = Annotated[str, Id("circle")]
TermId = Annotated[str, Id("term")]
DecisionId = Annotated[str, Id("decision")]

Role = Annotated[Slug, Field(examples=["chair"], description="a word of the movement's own")]


class NewCircle(Body):
    """A circle, as a draft."""

    kind: Kind
    name: Name = Field(examples=["Gloucester stewardship circle"])
    purpose: Paragraph


class CircleChanges(Body):
    """What is to be different; a field that is left out stays as it is."""

    kind: Kind = Kind.STEWARDSHIP_CIRCLE
    name: Name = ""
    purpose: Paragraph = ""


class Circle(View):
    """A circle."""

    id: CircleId
    kind: Kind
    name: str
    purpose: str
    state: State
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, circle: models.Circle) -> Self:
        """A circle as the API shows it."""
        return cls.model_validate(circle, from_attributes=True)


class NewTerm(Body):
    """A role that a person takes on in the circle. `until` is its last day; without one it is open-ended."""

    person: PersonId
    role: Role
    since: date = Field(alias="from")
    until: date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until is not None and self.until < self.since:
            raise PydanticCustomError("ends_before_it_begins", "`until` lies before `from`")
        return self


class TermChanges(Body):
    """Another last day, or (null) none."""

    until: date | None


class TermEnding(Body):
    """From which day on the term is over; today, unless it is said."""

    on: date | None = None


class CircleTerm(View):
    """A term. `due`: its last day is past, and nobody has renewed or ended it."""

    id: TermId
    circle: CircleId
    person: PersonId
    role: str
    since: date = Field(serialization_alias="from")
    until: date | None
    ended_on: date | None
    state: TermState
    updated_at: datetime
    version: int

    @classmethod
    def on(cls, day: date, term: models.Term) -> Self:
        """A term as the API shows it on a day."""
        return cls(
            id=term.id, circle=term.circle, person=term.person, role=term.role, since=term.first_day,
            until=term.last_day, ended_on=term.ended_on, state=term.state_on(day), updated_at=term.updated_at,
            version=term.version,
        )  # fmt: skip


class Present(Body):
    """How many of a role were there: who they are stays out of the log."""

    role: Role
    people: int = Field(ge=1, le=1000)


def _each_role_once(present: list[Present]) -> list[Present]:
    if len({one.role for one in present}) < len(present):
        raise PydanticCustomError("repeated", "names a role twice")
    return present


class NewDecision(Body):
    """What was decided, why, who was there by role, and what was said against it."""

    decided_on: date
    what: Paragraph
    why: Paragraph
    present: Annotated[list[Present], AfterValidator(_each_role_once)] = Field(min_length=1, max_length=50)
    objections: list[Paragraph] = Field(default_factory=list, max_length=50)
    corrects: DecisionId | None = Field(None, description="The entry of this circle's log that this one puts right.")


class CircleDecision(View):
    """An entry of the log. Where `corrected_by` is not null, that entry holds in its place."""

    id: DecisionId
    circle: CircleId
    decided_on: date
    what: str
    why: str
    present: list[Present]
    objections: list[str]
    corrects: DecisionId | None
    corrected_by: DecisionId | None
    recorded_by: str
    recorded_at: datetime

    @classmethod
    def of(cls, entry: tuple[models.Decision, str | None]) -> Self:
        """An entry as the API shows it, with the entry that corrects it."""
        decision, corrected_by = entry
        return cls(
            id=decision.id, circle=decision.circle, decided_on=decision.decided_on, what=decision.what,
            why=decision.why, present=[Present(**one) for one in decision.present], objections=decision.objections,
            corrects=decision.corrects, corrected_by=corrected_by, recorded_by=decision.recorded_by,
            recorded_at=decision.recorded_at,
        )  # fmt: skip
