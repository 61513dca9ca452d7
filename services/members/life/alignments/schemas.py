"""What is said about alignments, and how they and the difference between two of them are shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from services.members.fields import OrganisationId, Paragraph, Reference
from services.members.life.agenda.schemas import AgendaId
from services.members.life.alignments import models
from services.members.life.alignments.models import ActKind, AlignmentState
from shared.fields import Body, View
from shared.ids import Id

AlignmentId = Annotated[str, Id("alignment")]
ActId = Annotated[str, Id("act")]


class NewAct(Body):
    """What a partner starts, stops or changes."""

    kind: ActKind
    words: Paragraph = Field(examples=["count walks as we all do"])
    by: date | None = Field(None, description="the day by which it means to have done so")


class NewAlignment(Body):
    """A partner's signature under a published version, and what follows from it."""

    organisation: OrganisationId
    agenda: AgendaId
    signed_on: date | None = Field(None, description="today unless it was before")
    signed_for: Reference | None = Field(None, description="the office in which somebody signed", examples=["chair"])
    acts: list[NewAct] = Field(min_length=1, max_length=50)


class AlignmentEnding(Body):
    """Since when a partner no longer stands behind what it signed, today unless another day is named, and why."""

    why: Paragraph
    on: date | None = None


class Doing(Body):
    """Since when it is done, today unless another day is named."""

    on: date | None = None


class ActShown(View):
    """What a partner starts, stops or changes."""

    id: ActId
    kind: ActKind
    words: str
    by: date | None
    done_on: date | None


class AlignmentShown(View):
    """A partner's alignment with a version of the agenda."""

    id: AlignmentId
    organisation: OrganisationId
    agenda: AgendaId
    state: AlignmentState
    signed_on: date
    signed_for: str | None
    ended_on: date | None
    ended_why: str | None
    acts: list[ActShown]
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, alignment: models.PartnerAlignment) -> Self:
        """An alignment as the API shows it."""
        return cls.model_validate(alignment, from_attributes=True)


class Apart(View):
    """What two partners signed and mean to do, side by side. `in_words` is a sentence for each difference."""

    one: AlignmentShown
    other: AlignmentShown
    in_words: list[str]
