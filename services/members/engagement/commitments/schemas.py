"""What is said about a commitment and its way, and how they are shown."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

from services.members.community.programmes.schemas import ProgrammeId
from services.members.engagement.campaigns.schemas import CampaignId
from services.members.engagement.commitments import models
from services.members.engagement.commitments.models import CommitmentState
from services.members.engagement.commitments.store import Shown
from services.members.fields import OrganisationId, Paragraph, PersonId
from shared.editing import Changes
from shared.fields import Body, View, line
from shared.ids import Id

CommitmentId = Annotated[str, Id("commitment")]
NoteId = Annotated[str, Id("note")]
Quantity = Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=2, examples=["12.5"])]
Unit = Annotated[str, line(50)]
Done = Annotated[Decimal, PlainSerializer(lambda amount: f"{amount:f}", return_type=str)]


def hundredths(quantity: Decimal | None) -> int | None:
    """A quantity as its row keeps it."""
    return None if quantity is None else int(quantity * 100)


def _in_units(hundredths: int) -> Decimal:
    return Decimal(hundredths).scaleb(-2).normalize()


class NewCommitment(Body):
    """What a person or an organisation takes on, within a programme or a campaign."""

    person: PersonId | None = None
    organisation: OrganisationId | None = None
    programme: ProgrammeId | None = None
    campaign: CampaignId | None = None
    what: Paragraph = Field(examples=["We lead a walk for patients every week."])
    quantity: Quantity | None = None
    unit: Unit | None = Field(None, examples=["walks"])
    starts_on: date
    ends_on: date = Field(description="the last day")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.person is None) == (self.organisation is None):
            raise PydanticCustomError("one_giver", "needs either person or organisation")
        if (self.programme is None) == (self.campaign is None):
            raise PydanticCustomError("one_frame", "needs either programme or campaign")
        if (self.quantity is None) != (self.unit is None):
            raise PydanticCustomError("quantity_in_a_unit", "needs quantity and unit together, or neither")
        if self.ends_on < self.starts_on:
            raise PydanticCustomError("before_start", "ends before it starts")
        return self


class CommitmentChanges(Changes):
    """What to change while it is under way."""

    what: Paragraph | None = None
    quantity: Quantity | None = None
    unit: Unit | None = None
    starts_on: date | None = None
    ends_on: date | None = None


class NewNote(Body):
    """How it is going, and how much was done since the note before."""

    words: Paragraph
    quantity: Quantity | None = None
    noted_on: date | None = Field(None, description="today unless another day is named")


class Outcome(Body):
    """What became of it; in part or not at all needs the reason, so that others learn from it."""

    became: Literal[CommitmentState.KEPT, CommitmentState.PART_KEPT, CommitmentState.NOT_KEPT]
    reason: Paragraph | None = None

    @model_validator(mode="after")
    def _reasoned(self) -> Self:
        if self.became is not CommitmentState.KEPT and self.reason is None:
            raise PydanticCustomError("reason_missing", "needs a reason where it was kept in part or not")
        return self


class CommitmentShown(View):
    """A commitment. `done` adds up the notes; `due` says that its time is over and its outcome is not known."""

    id: CommitmentId
    version: int
    person: PersonId | None
    organisation: OrganisationId | None
    programme: ProgrammeId | None
    campaign: CampaignId | None
    what: str
    quantity: Done | None
    unit: str | None
    done: Done | None
    starts_on: date
    ends_on: date
    state: CommitmentState
    due: bool
    reason: str | None
    settled_at: datetime | None
    settled_by: str | None
    made_at: datetime
    updated_at: datetime

    @classmethod
    def on(cls, today: date, shown: Shown) -> Self:
        """A commitment as the API shows it on a day."""
        commitment = shown.commitment
        counted = commitment.hundredths
        return cls(
            id=commitment.id,
            version=commitment.version,
            person=commitment.person,
            organisation=commitment.organisation,
            programme=commitment.programme,
            campaign=commitment.campaign,
            what=commitment.what,
            quantity=None if counted is None else _in_units(counted),
            unit=commitment.unit,
            done=None if counted is None else _in_units(shown.done),
            starts_on=commitment.starts_on,
            ends_on=commitment.ends_on,
            state=CommitmentState(commitment.state),
            due=commitment.due_on(today),
            reason=commitment.reason,
            settled_at=commitment.settled_at,
            settled_by=commitment.settled_by,
            made_at=commitment.made_at,
            updated_at=commitment.updated_at,
        )


class Note(View):
    """A note on a commitment's way."""

    id: NoteId
    noted_on: date
    words: str
    quantity: Done | None
    recorded_at: datetime
    recorded_by: str

    @classmethod
    def of(cls, note: models.CommitmentNote) -> Self:
        """A note as the API shows it."""
        return cls(
            id=note.id,
            noted_on=note.noted_on,
            words=note.words,
            quantity=None if note.hundredths is None else _in_units(note.hundredths),
            recorded_at=note.recorded_at,
            recorded_by=note.recorded_by,
        )
