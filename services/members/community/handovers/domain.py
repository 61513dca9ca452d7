"""Moving on: what somebody held goes to a caretaker and onto a list, and is settled there, each relationship by itself.

The gateway brings a handover by its id, after access has ended, and may bring it again: it is taken once. It is taken
whatever it says. An unknown person or a caretaker who cannot be one is shown as missing, to be put right: refusing it
would lose what was held.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community import people
from services.members.community.handovers import items, store
from services.members.community.handovers.gathering import gather, named_caretakers
from services.members.community.handovers.models import SETTLED, Handover, HandoverItem, HandoverState, ItemState
from services.members.community.handovers.schemas import (
    Asking,
    HandoverChanges,
    Introduction,
    KindEnding,
    Leaving,
    Listed,
)
from services.members.community.stewardships import store as stewardships
from services.members.community.stewardships.models import State, Stewardship
from services.members.community.stewardships.rules import refuse_taken, tell
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.community import HandoverClosed, HandoverOpened


class HandoverClosedAlready(Conflict):
    """Everything on its list is settled."""

    code = "handover_closed"
    title = "This handover is closed"


class PersonKnown(Conflict):
    """It is known who left; another person's relationships are another handover's."""

    code = "person_known"
    title = "It is known who left"


def receive(session: Session, movement: str, handover: str, said: Leaving, days_to_settle: int) -> tuple[Listed, bool]:
    """Take a handover that the gateway brings: the list, and whether it is new."""
    at, due_on = clock.now(), days.today(session, movement) + timedelta(days=days_to_settle)
    person = people.found(session, movement, said.person)
    row = Handover(
        movement=movement, id=handover, person=person, caretaker=None, reason=said.reason,
        leaving_on=said.leaving_on, due_on=due_on, state=HandoverState.OPEN, person_needed=person is None,
        opened_at=at, closed_at=None, updated_at=at, version=1,
    )  # fmt: skip
    if not store.claim(session, row):
        return listed(session, movement, handover), False
    row = _locked(session, movement, handover)
    caretaker = people.found(session, movement, said.caretaker)
    row.caretaker = caretaker if caretaker != person else None
    count = _take_over(session, row, explicit=row.caretaker is not None)
    outbox.record(session, HandoverOpened(handover=handover, person=person, items=count))
    _close_if_settled(session, row)
    return listed(session, movement, handover), True


def listed(session: Session, movement: str, handover: str) -> Listed:
    """A handover with its list. Raises NotFound."""
    session.flush()
    row = _found(store.find(session, movement, handover))
    lines = store.lines(session, movement, handover)
    shown = [one for item, _ in lines for one in (item.care, item.offer) if one is not None]
    return Listed(
        row,
        [(item, was.about, was.role) for item, was in lines],
        store.holders(session, movement, shown),
        days.today(session, movement),
    )


def list_handovers(
    session: Session, movement: str, *, state: HandoverState | None, overdue: bool, after: After, limit: int
) -> tuple[Sequence[Handover], date]:
    """Handovers, and what day it is: by that they are overdue."""
    today = days.today(session, movement)
    overdue_on = today if overdue else None
    rows = store.list_handovers(session, movement, state=state, overdue_on=overdue_on, after=after, limit=limit)
    return rows, today


def change(session: Session, movement: str, handover: str, said: HandoverChanges, expected: int | None) -> Listed:
    """Say who left where that is not known, name another caretaker, or move the day by which all is to be settled."""
    row = _locked(session, movement, handover)
    hold_to(row.version, expected)
    if row.state == HandoverState.CLOSED:
        raise HandoverClosedAlready
    given = said.model_fields_set
    named = people.current(session, movement, {f"/{field}": getattr(said, field) for field in given - {"due_on"}})
    if "person" in given:
        if not row.person_needed:
            raise PersonKnown
        row.person, row.person_needed = named.get("/person"), False
    if "caretaker" in given:
        if named["/caretaker"] == row.person:
            raise Invalid(faults=[Fault("/caretaker", "is the one who left", "is_leaving")])
        row.caretaker = named["/caretaker"]
        _move_care(session, row)
    if "person" in given and row.person is not None:
        _take_over(session, row, explicit="caretaker" in given or row.caretaker is not None)
    if "due_on" in given:
        row.due_on = said.due_on
        for item, _ in store.lines(session, movement, handover):
            item.due_on = said.due_on if item.state not in SETTLED else item.due_on
    row.changed(clock.now())
    _close_if_settled(session, row)
    return listed(session, movement, handover)


def ask(session: Session, movement: str, handover: str, item: str, said: Asking) -> Listed:
    """Ask somebody to take a relationship on; they answer at their stewardship."""
    row = _locked(session, movement, handover)
    line, was = _line(session, row, item)
    successor = people.current(session, movement, {"/person": said.person})["/person"]
    if successor in (row.person, was.about):
        code = "is_leaving" if successor == row.person else "own_holder"
        raise Invalid(faults=[Fault("/person", "cannot keep this relationship", code)])
    refuse_taken(session, movement, was.about, successor, was.role, line.care)
    offer = items.new_stewardship(movement, was.about, successor, was.role, said.why, of(session).context.actor)
    offer.in_place_of, offer.handover_item = line.care, line.id
    line.ask(offer.id, clock.now())
    store.add(session, offer)
    tell(session, offer)
    items.tell_item(session, line)
    return listed(session, movement, handover)


def introduce(session: Session, movement: str, handover: str, item: str, said: Introduction) -> Listed:
    """The successor, who has accepted, was introduced."""
    row = _locked(session, movement, handover)
    line, _ = _line(session, row, item)
    today = days.today(session, movement)
    if said.on is not None and said.on > today:
        raise Invalid(faults=[Fault("/on", "is in the future", "in_the_future")])
    line.introduce(said.on or today, said.how, clock.now())
    return _settled(session, row, line)


def end(session: Session, movement: str, handover: str, item: str, said: KindEnding) -> Listed:
    """Nobody keeps this relationship any more: whoever has it lets go, and whoever is asked is not asked any more."""
    row = _locked(session, movement, handover)
    line, _ = _line(session, row, item)
    at, today = clock.now(), days.today(session, movement)
    for one in (line.offer, line.care):
        kept = stewardships.find(session, movement, one, lock=True) if one is not None else None
        if kept is not None and kept.state == State.OFFERED:
            kept.withdraw(at)
            tell(session, kept)
        elif kept is not None and kept.state == State.HELD:
            kept.end(today, said.reason, at)
            tell(session, kept)
    line.end(said.reason, at)
    return _settled(session, row, line)


def _take_over(session: Session, row: Handover, *, explicit: bool) -> int:
    """Put everything that the person held on the list and in care; answers how many relationships that are."""
    if row.person is None:
        return 0
    named = named_caretakers(session, row)
    if row.caretaker is None:
        row.caretaker = named.get(None)
    return gather(session, row, {} if explicit else named)


def _move_care(session: Session, row: Handover) -> None:
    """The new caretaker looks after all that no successor has accepted yet."""
    at, today = clock.now(), days.today(session, row.movement)
    for item, was in store.lines(session, row.movement, row.id):
        if item.state not in (ItemState.IN_CARE, ItemState.ASKED):
            continue
        before = stewardships.find(session, row.movement, item.care, lock=True) if item.care else None
        if before is not None and before.holder == row.caretaker:
            continue
        if before is not None:
            before.pass_on(today, at)
            tell(session, before)
        items.place(session, item, items.take_into_care(session, row, item, was, row.caretaker))


def _settled(session: Session, row: Handover, line: HandoverItem) -> Listed:
    items.tell_item(session, line)
    _close_if_settled(session, row)
    return listed(session, row.movement, row.id)


def _close_if_settled(session: Session, row: Handover) -> None:
    session.flush()
    if not row.person_needed and store.unsettled(session, row.movement, row.id) == 0:
        row.close(clock.now())
        outbox.record(session, HandoverClosed(handover=row.id))


def _line(session: Session, row: Handover, item: str) -> tuple[HandoverItem, Stewardship]:
    """A line of this handover, locked behind what it is about, and the stewardship that was the leaver's."""
    line = store.find_item(session, row.movement, item)
    was = None if line is None or line.handover != row.id else stewardships.find(session, row.movement, line.was)
    if was is None:
        raise NotFound
    stewardships.lock(session, row.movement, was.about)
    locked = store.find_item(session, row.movement, item, lock=True)
    if locked is None:
        raise NotFound
    return locked, was


def _found(row: Handover | None) -> Handover:
    if row is None:
        raise NotFound
    return row


def _locked(session: Session, movement: str, handover: str) -> Handover:
    return _found(store.find(session, movement, handover, lock=True))
