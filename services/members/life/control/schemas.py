"""What is said about moves of control, and how they and their summary are shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.members.fields import OrganisationId, Paragraph, Reference
from services.members.life.control.models import ControlMove, ControlOf
from shared.editing import Changes
from shared.fields import Body, View
from shared.ids import Id
from shared.money import Money

MoveId = Annotated[str, Id("control")]


class Party(Body):
    """An organisation of the movement, or somebody else in words."""

    organisation: OrganisationId | None = None
    words: Reference | None = Field(None, examples=["the residents of Dale Street"])

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.organisation is None) == (self.words is None):
            raise PydanticCustomError("one_of", "names either an organisation or somebody else in words")
        return self


class NewMove(Body):
    """Something that was in one body's hands and is now in another's."""

    kind: ControlOf
    what: Reference = Field(examples=["the micro-grants of the arts and food round"])
    from_: Party = Field(alias="from")
    to: Party
    since: date
    worth: Money | None = Field(None, description="of a budget")
    evidence: Reference | None = Field(None, description="where it can be read", examples=["minutes of 3 May"])

    @model_validator(mode="after")
    def _moves(self) -> Self:
        if self.from_ == self.to:
            raise PydanticCustomError("same_body", "does not move: both sides are the same")
        if self.worth is not None and self.kind != ControlOf.BUDGET:
            raise PydanticCustomError("no_budget", "only a budget is worth an amount")
        return self


class MoveChanges(Changes):
    """What is to be corrected in what was noted."""

    may_be_empty = frozenset({"evidence"})

    what: Reference | None = None
    evidence: Reference | None = None


class TakingBack(Body):
    """From which day on it is no longer so, today unless another is named, and why."""

    why: Paragraph
    on: date | None = None


class PartyShown(View):
    """An organisation of the movement, or somebody else in words."""

    organisation: OrganisationId | None
    words: str | None


class MoveShown(View):
    """A move of control."""

    id: MoveId
    kind: ControlOf
    what: str
    from_: PartyShown = Field(serialization_alias="from")
    to: PartyShown
    since: date
    worth: Money | None
    evidence: str | None
    taken_back_on: date | None
    taken_back_why: str | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, move: ControlMove) -> Self:
        """A move as the API shows it."""
        worth = None if move.pence is None or move.currency is None else Money.of(move.pence, move.currency)
        return cls(
            id=move.id,
            kind=ControlOf(move.kind),
            what=move.what,
            from_=PartyShown(organisation=move.from_organisation, words=move.from_words),
            to=PartyShown(organisation=move.to_organisation, words=move.to_words),
            since=move.since,
            worth=worth,
            evidence=move.evidence,
            taken_back_on=move.taken_back_on,
            taken_back_why=move.taken_back_why,
            created_at=move.created_at,
            updated_at=move.updated_at,
            version=move.version,
        )


class KindMoved(View):
    """How much of a kind moved, and how much of that was taken back again. `worth` is of budgets not taken back."""

    kind: ControlOf
    moved: int
    taken_back: int
    worth: list[Money]


class ControlSummary(View):
    """What had moved by a day, of every kind."""

    on: date
    kinds: list[KindMoved]
