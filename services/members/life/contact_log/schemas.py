"""What is said about a contact, and how one is shown."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field

from services.members.fields import OrganisationId, Paragraph, PersonId, Reference
from services.members.life.contact_log import models
from services.members.life.contact_log.models import ContactKind, StepState
from services.members.life.whose import Whose
from shared.editing import Changes
from shared.fields import Body, View
from shared.ids import Id

ContactId = Annotated[str, Id("contact")]


class NewStep(Body):
    """What is to follow, how, and by which day."""

    what: Reference = Field(examples=["Ask how the first walk went."])
    kind: ContactKind
    due_on: date


class NewContact(Whose):
    """A call, a visit or a letter to one person or one organisation, and what is to follow it."""

    kind: ContactKind
    by: PersonId | None = Field(None, description="who called, visited or wrote, where the movement knows them")
    on: date | None = Field(None, description="the day; today unless it is said")
    what: Paragraph = Field(examples=["She would like to help with the school walk."])
    next_step: NewStep | None = None
    follows: ContactId | None = Field(None, description="the contact whose next step this was: it is done then")


class ContactChanges(Changes):
    """What was written down wrongly; a field that is left out stays as it is."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"by"})

    kind: ContactKind | None = None
    by: PersonId | None = None
    on: date | None = None
    what: Paragraph | None = None


class Step(View):
    """What is to follow a contact, and whether it did."""

    what: str
    kind: ContactKind
    due_on: date
    state: StepState


class Contact(View):
    """A call, a visit or a letter."""

    id: ContactId
    person: PersonId | None
    organisation: OrganisationId | None
    kind: ContactKind
    by: PersonId | None
    on: date
    what: str
    next_step: Step | None
    follows: ContactId | None
    recorded_by: str
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, row: models.Contact) -> Self:
        """A contact as the API shows it."""
        return cls(
            id=row.id,
            person=row.person,
            organisation=row.organisation,
            kind=ContactKind(row.kind),
            by=row.contacted_by,
            on=row.on,
            what=row.what,
            next_step=_step(row),
            follows=row.follows,
            recorded_by=row.recorded_by,
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
        )


def _step(row: models.Contact) -> Step | None:
    if row.step is None or row.step_kind is None or row.step_due_on is None or row.step_state is None:
        return None
    return Step(what=row.step, kind=ContactKind(row.step_kind), due_on=row.step_due_on, state=StepState(row.step_state))
