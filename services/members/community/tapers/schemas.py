"""What is said about a taper, and how one is shown."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field

from services.members.community.programmes.models import Role
from services.members.community.programmes.schemas import ProgrammeId
from services.members.community.tapers import models
from services.members.community.tapers.models import TaperState
from services.members.fields import OrganisationId, Paragraph
from shared.editing import Changes
from shared.fields import Body, View
from shared.ids import Id

TaperId = Annotated[str, Id("taper")]


class NewTaper(Body):
    """Something that the backbone will no longer do in a programme, from when, and who takes over."""

    what: Paragraph = Field(examples=["We no longer run the school games."])
    ends_on: date = Field(description="the first day on which it is no longer done")
    role: Role | None = Field(None, description="the backbone's role that ends with it")
    successor: OrganisationId | None = Field(None, description="the organisation that takes over")
    arrangement: Paragraph | None = Field(None, description="how it goes on or ends, in words")


class TaperChanges(Changes):
    """What to change of a plan."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"role", "successor", "arrangement"})

    what: Paragraph | None = None
    ends_on: date | None = None
    role: Role | None = None
    successor: OrganisationId | None = None
    arrangement: Paragraph | None = None


class Completion(Body):
    """The first day on which it was no longer done, today unless another is named, and what there is to say."""

    on: date | None = None
    note: Paragraph | None = Field(None, examples=["outsourced to the school sports partnership"])


class Dropping(Body):
    """Why it does not end after all."""

    note: Paragraph


class TaperShown(View):
    """A part of a programme's taper plan. `due` says that it should have ended by now and has not."""

    id: TaperId
    version: int
    programme: ProgrammeId
    what: str
    role: Role | None
    ends_on: date
    successor: OrganisationId | None
    arrangement: str | None
    state: TaperState
    due: bool
    done_on: date | None
    note: str | None
    settled_by: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def on(cls, today: date, taper: models.Taper) -> Self:
        """A taper as the API shows it on a day."""
        return cls(
            id=taper.id,
            version=taper.version,
            programme=taper.programme,
            what=taper.what,
            role=None if taper.role is None else Role(taper.role),
            ends_on=taper.ends_on,
            successor=taper.successor,
            arrangement=taper.arrangement,
            state=TaperState(taper.state),
            due=taper.due_on(today),
            done_on=taper.done_on,
            note=taper.note,
            settled_by=taper.settled_by,
            created_at=taper.created_at,
            updated_at=taper.updated_at,
        )
