"""Who keeps which relationship: somebody is asked, says yes or no, passes it on, or ends it kindly.

There is one holder at a time; whoever else stands beside them is a second. People are asked, not assigned: an answer
comes from the person who was asked, or names the day on which they gave it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Unpack

from sqlalchemy.orm import Session

from services.members import days
from services.members.community import people
from services.members.community.capacity import domain as capacity
from services.members.community.handovers import items
from services.members.community.stewardships import store
from services.members.community.stewardships.models import AboutKind, Caretaker, Role, State, Stewardship, kind_of
from services.members.community.stewardships.rules import refuse_taken, tell
from services.members.community.stewardships.schemas import (
    Acceptance,
    Answer,
    Ending,
    NewCaretaker,
    NewStewardship,
    StewardshipChanges,
)
from services.members.directory.organisations import store as organisations
from services.members.engagement.activities import domain as activities
from services.members.engagement.activities.schemas import NewActivity
from services.members.trust.safeguarding.guard import NotAvailable, may_join
from shared import clock
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Forbidden, Invalid, NotFound
from shared.ids import new_id


class NotYoursToAnswer(Forbidden):
    """Somebody else was asked; whoever writes down what they said names the day on which they said it."""

    code = "not_yours_to_answer"
    title = "Somebody else was asked: say when they told you"


class InHandover(Conflict):
    """It stands on a leaver's list, ``item``, and is settled there, so that the list stays true."""

    code = "in_handover"
    title = "It stands on the list of somebody who left: settle it there"


def offer(session: Session, movement: str, said: NewStewardship, caller: str | None) -> tuple[Stewardship, bool]:
    """Ask somebody to keep a relationship; and whether they let the caller know that they have no room.

    ``caller`` is who calls, among the movement's people. Raises Invalid, NotAvailable, HasHolder, AlreadyHolds.
    """
    named = people.current(session, movement, {"/holder": said.holder})
    about = _about(session, movement, said.about)
    if about == named["/holder"]:
        raise Invalid(faults=[Fault("/holder", "is the one whom the relationship is with", "own_holder")])
    if not may_join(session, movement, named["/holder"], [about]):
        raise NotAvailable
    if said.in_place_of is not None:
        before = store.find(session, movement, said.in_place_of)
        if before is None or before.about != about or before.state != State.HELD:
            raise Invalid(faults=[Fault("/in_place_of", "is not held, or is another relationship", "not_held")])
        _refuse_in_handover(session, before)
    refuse_taken(session, movement, about, named["/holder"], said.role, said.in_place_of)
    by = of(session).context.actor
    row = items.new_stewardship(movement, about, named["/holder"], said.role, said.why, by)
    row.in_place_of = said.in_place_of
    store.add(session, row)
    tell(session, row)
    return row, capacity.shares_no_room(session, movement, row.holder, caller)


def read(session: Session, movement: str, stewardship: str) -> Stewardship:
    """One stewardship. Raises NotFound."""
    return _found(store.find(session, movement, stewardship))


def list_stewardships(
    session: Session, movement: str, *, about: str | None, holder: str | None, **further: Unpack[store.Further]
) -> Sequence[Stewardship]:
    """Stewardships in the order in which they were offered; whom they are about or whose, by any id they ever had."""
    return store.list_stewardships(
        session,
        movement,
        about=None if about is None else _present(session, movement, about),
        holder=people.found(session, movement, holder) or holder,
        **further,
    )


def change(
    session: Session, movement: str, stewardship: str, said: StewardshipChanges, expected: int | None
) -> Stewardship:
    """Change why somebody keeps a relationship, or let them step back to be a second, or forward to be the holder."""
    row = _locked(session, movement, stewardship)
    hold_to(row.version, expected)
    if "role" in said.model_fields_set and said.role != row.role:
        _refuse_in_handover(session, row)
        if said.role == Role.HOLDER and row.state == State.HELD:
            refuse_taken(session, movement, row.about, row.holder, said.role, row.id)
        row.role = said.role
    if "why" in said.model_fields_set:
        row.why = said.why
    row.changed(clock.now())
    tell(session, row)
    return row


def accept(session: Session, movement: str, stewardship: str, said: Acceptance, caller: str | None) -> Stewardship:
    """Whoever was asked takes it on; where it is in place of another, that one is passed on.

    ``caller`` is who calls, among the movement's people. Raises NotYoursToAnswer, HasHolder, IllegalTransition.
    """
    row = _locked(session, movement, stewardship)
    today = days.today(session, movement)
    _refuse_unasked(session, movement, row, said, caller, today)
    if said.since is not None and said.since > today:
        raise Invalid(faults=[Fault("/since", "is in the future", "in_the_future")])
    at = clock.now()
    row.accept(said.since or today, of(session).context.actor, said.told_us_on, at)
    refuse_taken(session, movement, row.about, row.holder, row.role, row.in_place_of, but=row.id)
    before = store.find(session, movement, row.in_place_of, lock=True) if row.in_place_of else None
    if before is not None and before.state == State.HELD:
        before.pass_on(today, at)
        tell(session, before)
    tell(session, row)
    if row.handover_item is not None:
        items.accepted(session, movement, row)
    counterpart = row.about_person
    activities.record_one(
        session,
        movement,
        NewActivity(person=row.holder, kind="took_on_relationship", on=today, counterpart=counterpart),
    )
    return row


def decline(session: Session, movement: str, stewardship: str, said: Answer, caller: str | None) -> Stewardship:
    """Whoever was asked says no, and nobody asks them why."""
    row = _locked(session, movement, stewardship)
    _refuse_unasked(session, movement, row, said, caller, days.today(session, movement))
    row.decline(of(session).context.actor, said.told_us_on, clock.now())
    tell(session, row)
    if row.handover_item is not None:
        items.returned(session, movement, row)
    return row


def withdraw(session: Session, movement: str, stewardship: str) -> Stewardship:
    """It is not asked any more."""
    row = _locked(session, movement, stewardship)
    row.withdraw(clock.now())
    tell(session, row)
    if row.handover_item is not None:
        items.returned(session, movement, row)
    return row


def end(session: Session, movement: str, stewardship: str, said: Ending) -> Stewardship:
    """Nobody keeps the relationship from now on, or this second no more, for a reason."""
    row = _locked(session, movement, stewardship)
    today = days.today(session, movement)
    _refuse_in_handover(session, row)
    if said.on is not None and said.on > today:
        raise Invalid(faults=[Fault("/on", "is in the future", "in_the_future")])
    row.end(said.on or today, said.reason, clock.now())
    tell(session, row)
    return row


def name_caretaker(session: Session, movement: str, said: NewCaretaker) -> Caretaker:
    """Name who looks after what people leave behind; whoever was it before no longer is."""
    person = people.current(session, movement, {"/person": said.person})["/person"]
    if said.circle is not None and not store.lock(session, movement, said.circle):
        raise Invalid(faults=[Fault("/circle", "is no circle of this movement", "unknown_circle")])
    if said.agreed_on > days.today(session, movement):
        raise Invalid(faults=[Fault("/agreed_on", "is in the future", "in_the_future")])
    at = clock.now()
    for before in store.caretakers(session, movement, past=False):
        if before.circle == said.circle:
            before.ended_at = at
    row = Caretaker(
        movement=movement, id=new_id("caretaker"), circle=said.circle, person=person, agreed_on=said.agreed_on,
        named_by=of(session).context.actor, named_at=at, ended_at=None,
    )  # fmt: skip
    store.add(session, row)
    return row


def _about(session: Session, movement: str, about: str) -> str:
    """The present id of what a relationship is with, locked. Raises Invalid (`unknown_about`)."""
    now = _present(session, movement, about)
    if not store.lock(session, movement, now):
        raise Invalid(faults=[Fault("/about", "is nothing of this movement", "unknown_about")])
    return now


def _present(session: Session, movement: str, about: str) -> str:
    """The id that it has now: another one for whoever or whatever was merged."""
    if kind_of(about) == AboutKind.PERSON:
        return people.found(session, movement, about) or about
    if kind_of(about) == AboutKind.ORGANISATION:
        return organisations.current(session, movement, {about})[about]
    return about


def _found(row: Stewardship | None) -> Stewardship:
    if row is None:
        raise NotFound
    return row


def _locked(session: Session, movement: str, stewardship: str) -> Stewardship:
    """The stewardship, locked, behind what it is about: always in this order, so that nobody waits in a circle."""
    store.lock(session, movement, _found(store.find(session, movement, stewardship)).about)
    return _found(store.find(session, movement, stewardship, lock=True))


def _refuse_unasked(
    session: Session, movement: str, row: Stewardship, said: Answer, caller: str | None, today: date
) -> None:
    if said.told_us_on is None and people.found(session, movement, caller) != row.holder:
        raise NotYoursToAnswer
    if said.told_us_on is not None and said.told_us_on > today:
        raise Invalid(faults=[Fault("/told_us_on", "is in the future", "in_the_future")])


def _refuse_in_handover(session: Session, row: Stewardship) -> None:
    item = items.open_item(session, row)
    if item is not None:
        raise InHandover(item=item.id, handover=item.handover)
