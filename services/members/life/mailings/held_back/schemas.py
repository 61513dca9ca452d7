"""What is said about what came back and about quiet, and how both are shown."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import Field

from services.members.fields import EmailAddress, Paragraph, PersonId
from services.members.life.mailings.held_back import models
from services.members.life.mailings.held_back.models import CameBackFrom, ReturnKind, Via
from services.members.life.mailings.tools.schemas import ToolId
from shared.fields import Body, View
from shared.ids import Id

ReturnId = Annotated[str, Id("mailreturn")]
QuietId = Annotated[str, Id("quiet")]
People = Annotated[list[PersonId], Field(min_length=1, max_length=50)]


class NewReturn(Body):
    """Something that came back from an address and that no tool told us: a bounce in somebody's inbox, a reply."""

    tool: ToolId
    address: EmailAddress
    kind: ReturnKind
    people: People | None = Field(None, description="whom it is about, where several have the address")


class Settling(Body):
    """Which of those who have the address said so."""

    people: People


class Lifting(Body):
    """Why an address is no longer held back."""

    why: Paragraph = Field(examples=["Her mailbox was full, and is not any more."])


class ReturnedPerson(View):
    """Somebody who had the address, and whether it is known that it was they who said so."""

    person: PersonId
    said_it: bool


class MailReturn(View):
    """Something that came back from an address, which is held back since."""

    id: ReturnId
    tool: ToolId
    purpose: str
    kind: ReturnKind
    via: Via
    people: list[ReturnedPerson]
    unclear: bool = Field(description="several have the address, and which of them said so is not known")
    told_at: datetime
    lifted_at: datetime | None
    lifted_why: str | None
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, came_back: CameBackFrom) -> Self:
        """A return as the API shows it."""
        row = came_back.row
        return cls(
            id=row.id,
            tool=row.tool,
            purpose=row.purpose,
            kind=ReturnKind(row.kind),
            via=Via(row.via),
            people=[ReturnedPerson(person=each.person, said_it=each.said_it) for each in came_back.people],
            unclear=row.unclear,
            told_at=row.told_at,
            lifted_at=row.lifted_at,
            lifted_why=row.lifted_why,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


class NewQuiet(Body):
    """Somebody asked for no mailings, until a day is over or until they say otherwise."""

    person: PersonId
    until: date | None = None


class Quiet(View):
    """That somebody asked for no mailings."""

    id: QuietId
    person: PersonId
    until: date | None
    recorded_by: str
    created_at: datetime
    ended_at: datetime | None

    @classmethod
    def of(cls, row: models.Quiet) -> Self:
        """An entry of the quiet list as the API shows it."""
        return cls.model_validate(row, from_attributes=True)
