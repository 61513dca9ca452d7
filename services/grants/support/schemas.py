"""What requests and answers about support contacts look like."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field

from services.grants.fields import ApplicationId, Paragraph
from services.grants.people.fields import PersonId
from services.grants.support import models
from services.grants.support.models import Way
from shared.editing import Changes
from shared.fields import Body, View


class NewContact(Body):
    """Who walks beside the group of an application."""

    application: ApplicationId
    person: PersonId
    since: Annotated[date | None, Field(description="null: today, where the movement is")] = None


class ContactChanges(Changes):
    """What of it is to be different. Somebody else who takes over is a contact of their own."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"ended_on"})

    since: date | None = None
    ended_on: Annotated[date | None, Field(description="the last day")] = None


class Contact(View):
    """Who walks beside the group of an application; `person` is `erased_…`, which is nobody, once they were erased."""

    id: str
    application: str
    person: str
    since: date
    ended_on: date | None
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, shown: models.Shown) -> Self:
        """The answer for a contact."""
        own = {name: getattr(shown.contact, name) for name in cls.model_fields if name != "application"}
        return cls.model_validate(own | {"application": shown.contact.application_id, "person": shown.person})


class NewNote(Body):
    """That they were in touch. No more of anybody than the group needs."""

    way: Way
    on: date
    words: Paragraph | None = None
    next_step: Paragraph | None = None
    next_on: Annotated[date | None, Field(description="when the next step is due")] = None


class Note(View):
    """That they were in touch."""

    id: str
    way: Way
    on: date
    words: str | None
    next_step: str | None
    next_on: date | None
    written_by: str | None
    created_at: datetime

    @classmethod
    def of(cls, note: models.SupportNote) -> Self:
        """The answer for a note."""
        return cls(
            id=note.id,
            way=Way(note.way),
            on=note.on_day,
            words=note.words,
            next_step=note.next_step,
            next_on=note.next_on,
            written_by=note.user,
            created_at=note.created_at,
        )
