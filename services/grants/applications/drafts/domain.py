"""What is done with drafts: begun, gone on with, dropped, and submitted as the application that they become."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.grants.applications import domain as applications
from services.grants.applications import store as kept
from services.grants.applications.content import content_faults
from services.grants.applications.documents import store as documents
from services.grants.applications.drafts import store
from services.grants.applications.drafts.models import Draft
from services.grants.applications.drafts.schemas import NewDraft
from services.grants.applications.models import Application
from services.grants.applications.schemas import Contact, Content, NewApplication
from shared import clock
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.ids import new_id

_APART = {"contact", "round_id"}
"""What is not kept among the content: whom to reach has a table of its own, which is emptied by itself."""


class Read(NamedTuple):
    """A draft, whom to reach about it, and what keeps it from being submitted."""

    draft: Draft
    contact: Contact | None
    warnings: Sequence[Fault]


def begin(session: Session, movement: str, said: NewDraft) -> Read:
    """Begin a draft for a round that has not ended, whether it takes applications yet or not."""
    asked_of = applications.round_of(session, movement, said.round_id)
    asked_of.check_drafts()
    now = clock.now()
    draft = Draft(
        movement=movement,
        id=new_id("app"),
        round_id=asked_of.id,
        content=_written(said),
        created_at=now,
        updated_at=now,
        version=1,
    )
    session.add(draft)
    if said.contact is not None:
        applications.keep_contact(session, movement, draft.id, said.contact)
    return _read(session, draft)


def read(session: Session, movement: str, draft_id: str) -> Read:
    """A draft with what it is warned of. Raises NotFound."""
    return _read(session, _present(store.find(session, movement, draft_id)))


def change(session: Session, movement: str, draft_id: str, said: Content, expected: int | None) -> Read:
    """Go on with a draft: the fields that were sent take the place of what they were."""
    draft = _present(store.for_change(session, movement, draft_id))
    hold_to(draft.version, expected)
    emptied = {field for field in said.model_fields_set if getattr(said, field) is None}
    draft.content = {name: value for name, value in draft.content.items() if name not in emptied} | _written(said)
    if "contact" in said.model_fields_set:
        applications.keep_contact(session, movement, draft_id, said.contact or Contact())
    draft.version, draft.updated_at = draft.version + 1, clock.now()
    return _read(session, draft)


def drop(session: Session, movement: str, draft_id: str) -> None:
    """Delete a draft, and whom to reach about it. Raises NotFound."""
    session.delete(_present(store.for_change(session, movement, draft_id)))
    kept.drop_contact(session, movement, draft_id)
    documents.drop_all(session, movement, draft_id)


def submit(session: Session, movement: str, draft_id: str, by: str, expected: int | None) -> Application:
    """Submit a draft as it stands: it is an application of the same id from now on. Raises Invalid with every fault."""
    draft = _present(store.for_change(session, movement, draft_id))
    hold_to(draft.version, expected)
    if faults := _read(session, draft).warnings:
        raise Invalid(faults=faults)
    said = NewApplication.model_validate({**draft.content, "round": draft.round_id})
    session.delete(draft)
    return applications.submit_application(session, movement, said, by, draft_id)


def _read(session: Session, draft: Draft) -> Read:
    asked_of = applications.round_of(session, draft.movement, draft.round_id)
    form = applications.form_of(session, asked_of)
    contact = kept.find_contact(session, draft.movement, draft.id)
    shown = None if contact is None else Contact.model_validate(contact, from_attributes=True)
    said = Content.model_validate(draft.content)
    return Read(draft, shown, content_faults(said, asked_of, form, clock.now()))


def _written(said: Content) -> dict[str, object]:
    return said.model_dump(mode="json", exclude_unset=True, exclude_none=True, exclude=_APART)


def _present(found: Draft | None) -> Draft:
    if found is None:
        raise NotFound("there is no such draft")
    return found
