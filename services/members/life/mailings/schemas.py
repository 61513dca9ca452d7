"""What is said about a mailing, how one is shown, and how it is told who is in it and who is not, and why."""

from datetime import datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field

from services.members.directory.segments.schemas import SegmentId
from services.members.fields import PersonId
from services.members.life.mailings import models
from services.members.life.mailings.models import LeftOut, MailingState, RecipientState, Written
from services.members.life.mailings.tools.schemas import ToolId
from shared.editing import Changes
from shared.fields import Body, Name, View, line
from shared.ids import Id

MailingId = Annotated[str, Id("mailing")]
Campaign = Annotated[str, line(100)]


class NewMailing(Body):
    """Something that is to go to whoever is in a segment, and permits the tool's purpose when it is sent."""

    name: Name = Field(examples=["Spring walks"])
    tool: ToolId
    segment: SegmentId
    campaign: Campaign | None = Field(
        None, description="the id of the campaign that was written in the tool; without it somebody sends it there"
    )


class MailingChanges(Changes):
    """What is to be different before it is sent; a field that is left out stays as it is."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"campaign"})

    name: Name | None = None
    segment: SegmentId | None = None
    campaign: Campaign | None = None


class Mailing(View):
    """A mailing, and how far it is. `handed` are the people whom the tool was given for it."""

    id: MailingId
    name: str
    tool: ToolId
    purpose: str
    segment: SegmentId
    campaign: str | None
    group: str | None = Field(description="the tool's id of the segment (Mailchimp) or list (Brevo) of this mailing")
    state: MailingState
    job: str | None = Field(description="the job that sends it: `/v1/jobs/{id}` says how far it is")
    handed: int | None
    sent_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, written: Written) -> Self:
        """A mailing as the API shows it."""
        row, purpose = written
        return cls(
            id=row.id,
            name=row.name,
            tool=row.tool,
            purpose=purpose,
            segment=row.segment,
            campaign=row.campaign,
            group=row.group,
            state=MailingState(row.state),
            job=row.job,
            handed=row.handed,
            sent_at=row.sent_at,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


class Reason(View):
    """A reason for which people of the segment are left out: how many, and the first of them."""

    reason: LeftOut
    people: int
    some: list[PersonId] = Field(description="the first 20")


class Preview(View):
    """Whom a mailing would reach if it were sent now. Whom it does reach is decided when it is sent."""

    going: int
    left_out: list[Reason]


class Recipient(View):
    """Somebody of the segment: in the mailing, or left out and why."""

    person: PersonId
    state: RecipientState
    reason: LeftOut | None
    at: datetime

    @classmethod
    def of(cls, row: models.Recipient) -> Self:
        """A recipient as the API shows one."""
        reason = None if row.reason is None else LeftOut(row.reason)
        return cls(person=row.person, state=RecipientState(row.state), reason=reason, at=row.at)
