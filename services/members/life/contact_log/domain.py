"""The verbs of the contact log: written down, put right, and what was to follow done or dropped."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.life.contact_log import store
from services.members.life.contact_log.models import Contact, ContactKind, StepState
from services.members.life.contact_log.schemas import ContactChanges, NewContact
from services.members.life.contact_log.store import Chosen
from services.members.named import Named, by_present_ids, named
from services.members.trust.employers.store import refuse_own_staff
from services.members.trust.permissions.domain import refuse_unpermitted
from services.members.trust.purposes.standard import ADMINISTRATION
from services.members.trust.safeguarding.guard import NotAvailable, may_join
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.life import ContactMade
from shared.ids import new_id


def note(session: Session, movement: str, said: NewContact) -> Contact:
    """Write a contact down. What has happened is always taken; a next step only where the person permits it.

    Raises Invalid, OwnStaff, NotPermitted, and NotAvailable where whoever is to take the step is kept from the person.
    """
    at, today = clock.now(), days.today(session, movement)
    found = named(
        session,
        movement,
        people={"/person": said.person, "/by": said.by},
        organisations={"/organisation": said.organisation},
    )
    person, by = found.at("/person"), found.at("/by")
    followed = None if said.follows is None else store.find(session, movement, said.follows, locked=True)
    if faults := _faults(found, said, today, followed):
        raise Invalid(faults=faults)
    refuse_own_staff(session, movement, person)
    if person is not None and said.next_step is not None:
        _refuse_step(session, movement, person, by, said.next_step.kind)
    if followed is not None:
        followed.settle_step(StepState.DONE, at)
    step = said.next_step
    contact = Contact(
        movement=movement,
        id=new_id("contact"),
        version=1,
        person=person,
        organisation=found.at("/organisation"),
        kind=said.kind,
        contacted_by=by,
        on=said.on or today,
        what=said.what,
        step=None if step is None else step.what,
        step_kind=None if step is None else step.kind,
        step_due_on=None if step is None else step.due_on,
        step_state=None if step is None else StepState.OPEN,
        follows=said.follows,
        recorded_by=of(session).context.actor,
        created_at=at,
        updated_at=at,
    )
    store.add(session, contact)
    outbox.record(session, ContactMade(contact=contact.id, kind=said.kind, person=person))
    return contact


def change(session: Session, movement: str, id: str, changes: ContactChanges, expected: int | None) -> Contact:
    """Put right what was written down wrongly. Raises NotFound, PreconditionFailed, Invalid."""
    contact = _held(session, movement, id, expected)
    found = named(session, movement, people={"/by": changes.by})
    faults = [*found.faults, *_in_order(changes.on, days.today(session, movement))]
    if found.at("/by") is not None and found.at("/by") == contact.person:
        faults.append(Fault("/by", "is whom the contact was with", "same_person"))
    if faults:
        raise Invalid(faults=faults)
    changes.apply(contact, "kind", "on", "what")
    if "by" in changes.model_fields_set:
        contact.contacted_by = found.at("/by")
    contact.changed(clock.now())
    return contact


def drop_step(session: Session, movement: str, id: str, expected: int | None) -> Contact:
    """Nothing is to follow any more. Raises NotFound, PreconditionFailed, IllegalTransition."""
    contact = _held(session, movement, id, expected)
    contact.settle_step(StepState.DROPPED, clock.now())
    return contact


def drop_steps_of(session: Session, movement: str, person: str) -> int:
    """Call, visit and write to a person no more; how many steps were open."""
    open_ = store.open_steps_of(session, movement, person)
    for contact in open_:
        contact.settle_step(StepState.DROPPED, clock.now())
    return len(open_)


def read(session: Session, movement: str, id: str) -> Contact:
    """One contact. Raises NotFound."""
    return _found(store.find(session, movement, id))


def list_contacts(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Contact]:
    """Contacts in the order in which they were written down; with somebody by any id that they ever had."""
    now = by_present_ids(session, movement, chosen, people=("person", "by"), organisations=("organisation",))
    return store.list_contacts(session, movement, chosen=now, after=after, limit=limit)


def _faults(found: Named, said: NewContact, today: date, followed: Contact | None) -> list[Fault]:
    faults = [*found.faults, *_in_order(said.on, today)]
    if found.at("/by") is not None and found.at("/by") == found.at("/person"):
        faults.append(Fault("/by", "is whom the contact was with", "same_person"))
    if said.next_step is not None and said.next_step.due_on < (said.on or today):
        faults.append(Fault("/next_step/due_on", "is before the contact that it follows", "before_start"))
    if said.follows is not None:
        with_whom = (found.at("/person"), found.at("/organisation"))
        if followed is None or (followed.person, followed.organisation) != with_whom:
            faults.append(Fault("/follows", "is no contact with them", "unknown_contact"))
    return faults


def _in_order(on: date | None, today: date) -> list[Fault]:
    return [Fault("/on", "is still to come", "in_the_future")] if on is not None and on > today else []


def _refuse_step(session: Session, movement: str, person: str, by: str | None, kind: ContactKind) -> None:
    refuse_unpermitted(session, movement, person, ADMINISTRATION, kind.channel)
    if by is not None and not may_join(session, movement, by, {person}):
        raise NotAvailable


def _held(session: Session, movement: str, id: str, expected: int | None) -> Contact:
    contact = _found(store.find(session, movement, id, locked=True))
    hold_to(contact.version, expected)
    return contact


def _found(contact: Contact | None) -> Contact:
    if contact is None:
        raise NotFound
    return contact
