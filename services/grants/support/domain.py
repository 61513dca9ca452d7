"""What is done with support contacts: somebody begins to walk beside a group, is in touch with it, and ends."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.grants.applications import store as applications
from services.grants.delegations import domain as delegations
from services.grants.delegations.models import Power
from services.grants.people import store as people
from services.grants.rounds import domain as rounds
from services.grants.support import store
from services.grants.support.models import ContactEnded, Shown, SupportContact, SupportNote
from services.grants.support.schemas import ContactChanges, NewContact, NewNote
from shared import clock, outbox
from shared.auth import Principal
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.support import SupportBegun, SupportEnded, SupportGiven
from shared.ids import new_id
from shared.partners import answering as partners


def begin(session: Session, movement: str, principal: Principal, said: NewContact) -> Shown:
    """Have somebody walk beside a group. Raises Invalid (`unknown_application`) and NotDelegated."""
    if applications.find(session, movement, said.application) is None:
        raise Invalid(faults=[Fault("/application", "is no application of this movement", "unknown_application")])
    _authorise(session, movement, principal, said.application)
    at = clock.now()
    contact = SupportContact(
        movement=movement, id=new_id("support"), application_id=said.application, person=said.person,
        since=said.since or partners.today(session, movement), version=1, created_at=at, updated_at=at,
    )  # fmt: skip
    session.add(contact)
    outbox.record(session, SupportBegun(support_contact=contact.id, application=said.application))
    return _shown(session, movement, [contact])[0]


def change(
    session: Session, movement: str, principal: Principal, contact: str, said: ContactChanges, expected: int | None
) -> Shown:
    """Change its days; with a last day it ends. Raises NotFound, PreconditionFailed, NotDelegated, Invalid."""
    found = _present(store.for_change(session, movement, contact))
    hold_to(found.version, expected)
    _authorise(session, movement, principal, found.application_id)
    had_ended = found.ended_on is not None
    said.apply(found)
    if found.ended_on is not None and found.ended_on < found.since:
        raise Invalid(faults=[Fault("/ended_on", "must not be before it began", "before_start")])
    found.changed(clock.now())
    if found.ended_on is not None and not had_ended:
        outbox.record(session, SupportEnded(support_contact=found.id, application=found.application_id))
    return _shown(session, movement, [found])[0]


def get(session: Session, movement: str, contact: str) -> Shown:
    """One contact, or NotFound."""
    return _shown(session, movement, [_present(store.find(session, movement, contact))])[0]


def list_contacts(
    session: Session, movement: str, application_id: str | None, person: str | None, *, after: str, limit: int
) -> Sequence[Shown]:
    """A page of contacts; ``person``: theirs under any id that they ever had."""
    ids = None if person is None else people.every_id(session, movement, person)
    found = store.page(session, movement, application_id=application_id, people=ids, after=after, limit=limit)
    return _shown(session, movement, found)


def write_note(session: Session, movement: str, principal: Principal, contact: str, said: NewNote) -> SupportNote:
    """Note that they were in touch. Raises NotFound, NotDelegated, and :class:`ContactEnded` for a later day."""
    found = get(session, movement, contact).contact
    _authorise(session, movement, principal, found.application_id)
    if found.ended_on is not None and said.on > found.ended_on:
        raise ContactEnded("it ended before that day")
    note = SupportNote(
        movement=movement, id=new_id("support_note"), contact_id=contact, way=said.way, on_day=said.on,
        words=said.words, next_step=said.next_step, next_on=said.next_on, user=principal.user, created_at=clock.now(),
    )  # fmt: skip
    session.add(note)
    outbox.record(session, SupportGiven(support_contact=contact, way=said.way))
    return note


def notes(session: Session, movement: str, contact: str, *, after: str, limit: int) -> Sequence[SupportNote]:
    """The log of a contact, oldest first. Raises NotFound."""
    get(session, movement, contact)
    return store.notes(session, movement, contact, after=after, limit=limit)


def _authorise(session: Session, movement: str, principal: Principal, application_id: str) -> None:
    application = applications.find(session, movement, application_id)
    if application is None:
        raise NotFound("there is no such application")
    fund_id = rounds.fund_of(session, movement, application.round_id)
    delegations.authorise(session, movement, principal, fund_id, Power.SUPPORT)


def _shown(session: Session, movement: str, found: Sequence[SupportContact]) -> list[Shown]:
    now = people.present_ids(session, movement, [each.person for each in found])
    return [Shown(each, now[each.person]) for each in found]


def _present(found: SupportContact | None) -> SupportContact:
    if found is None:
        raise NotFound("there is no such support contact")
    return found
