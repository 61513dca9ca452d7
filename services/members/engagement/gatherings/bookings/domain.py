"""What is done with bookings: made, changed, cancelled. A slot is locked first, so one place is given once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.directory.people import store as people
from services.members.engagement.gatherings import company
from services.members.engagement.gatherings import store as gatherings
from services.members.engagement.gatherings.bookings import store, waiting
from services.members.engagement.gatherings.bookings.models import Booking, BookingCompanion, State
from services.members.engagement.gatherings.bookings.schemas import Along, BookingChanges, NewBooking
from services.members.engagement.gatherings.bookings.store import Shown
from services.members.engagement.gatherings.fields import present_people
from services.members.engagement.gatherings.models import State as GatheringState
from services.members.engagement.gatherings.slots import store as slots
from services.members.engagement.gatherings.slots.models import Slot, SlotCancelled
from services.members.engagement.gatherings.slots.models import State as SlotState
from services.members.trust.employers.store import refuse_own_staff
from services.members.trust.safeguarding.guard import NotAvailable, may_join
from shared import clock
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.ids import new_id


class GatheringNotOpen(Conflict):
    """Only a published gathering is booked; ``state`` says what it is."""

    code = "gathering_not_open"
    title = "The gathering cannot be booked"


class GatheringCancelled(Conflict):
    """It does not take place."""

    code = "gathering_cancelled"
    title = "The gathering was cancelled"


class SlotBegun(Conflict):
    """It has begun: whoever comes now is a walk-in."""

    code = "slot_begun"
    title = "The slot has begun"


class AlreadyBooked(Conflict):
    """The person has a booking of this slot that says something else; ``booking`` is it."""

    code = "already_booked"
    title = "This person has a booking of the slot already"


class NoPlaces(Conflict):
    """More come along than the slot has free places; the booking stays as it was."""

    code = "no_places"
    title = "There are not so many places left"


def book(session: Session, movement: str, gathering: str, said: NewBooking) -> tuple[Shown, bool]:
    """Give a person a place, or one in the line where the slot is full; and whether it is a new booking.

    The same again changes nothing. Raises GatheringNotOpen, GatheringCancelled, SlotCancelled, SlotBegun,
    AlreadyBooked, NotAvailable, Invalid.
    """
    person, companions = _people(session, movement, said.person, said.companions)
    slot = _bookable(session, movement, gathering, said.slot)
    earlier = store.live_of(session, movement, slot.id, person)
    if earlier is not None:
        return _again(session, movement, earlier, companions), False
    _refuse_unless_all_may_come(session, movement, slot, person, companions)
    nobody_waits = not store.in_line(session, movement, slot.id, 1)
    booking = _placed(slot, person, 1 + sum(along.people for along in companions), nobody_waits)
    store.add(session, booking, _rows(booking, companions))
    waiting.tell(session, booking)
    return _shown(session, movement, booking.id), True


def change(session: Session, movement: str, booking: str, said: BookingChanges, expected: int | None) -> Shown:
    """Let others come along than was said before. Raises NoPlaces, NotAvailable; where fewer come, others move up."""
    found, slot = _held(session, movement, booking, expected)
    if found.state == State.CANCELLED:
        raise Conflict("the booking was cancelled", state=found.state)
    _, companions = _people(session, movement, found.person, said.companions)
    _refuse_unless_all_may_come(session, movement, slot, found.person, companions)
    places = 1 + sum(along.people for along in companions)
    if found.state == State.BOOKED:
        if not slot.has_room_for(places - found.places):
            raise NoPlaces
        slot.booked += places - found.places
    found.places = places
    found.changed(clock.now())
    store.replace_companions(session, found, _rows(found, companions))
    waiting.tell(session, found)
    waiting.move_up(session, movement, slot)
    return _shown(session, movement, found.id)


def cancel(session: Session, movement: str, booking: str, expected: int | None) -> Shown:
    """Waiting or booked → cancelled. The place goes to whoever waits first, in the same transaction."""
    found, slot = _held(session, movement, booking, expected)
    was_booked = found.state == State.BOOKED
    found.cancel(clock.now())
    waiting.tell(session, found)
    if was_booked:
        slot.booked -= found.places
    waiting.move_up(session, movement, slot)
    return _shown(session, movement, found.id)


def read(session: Session, movement: str, booking: str) -> Shown:
    """One booking. Raises NotFound and OwnStaff."""
    found = _shown(session, movement, booking)
    refuse_own_staff(session, movement, found[0].person)
    return found


def of_gathering(
    session: Session, movement: str, gathering: str, *, slot: str | None, state: State | None,
    updated_since: datetime | None, after: After, limit: int,
) -> Sequence[Shown]:  # fmt: skip
    """The bookings of a gathering. Raises NotFound."""
    if gatherings.find(session, movement, gathering) is None:
        raise NotFound
    return store.list_bookings(
        session, movement, gathering=gathering, slot=slot, state=state, updated_since=updated_since, after=after,
        limit=limit,
    )  # fmt: skip


def list_bookings(
    session: Session, movement: str, *, person: str | None, state: State | None, updated_since: datetime | None,
    after: After, limit: int,
) -> Sequence[Shown]:  # fmt: skip
    """The bookings of a person, or everybody's."""
    now_known_as = None if person is None else people.present_id(session, movement, person)
    return store.list_bookings(
        session, movement, person=now_known_as, state=state, updated_since=updated_since, after=after, limit=limit
    )


def _people(session: Session, movement: str, person: str, companions: Sequence[Along]) -> tuple[str, Sequence[Along]]:
    """The present ids of who books and of who comes along. Raises Invalid for the unknown, and for a named child."""
    named = {f"/companions/{n}/person": along.person for n, along in enumerate(companions)}
    present = present_people(session, movement, {"/person": person} | named)
    along = [
        one if one.person is None else one.model_copy(update={"person": present[f"/companions/{n}/person"]})
        for n, one in enumerate(companions)
    ]
    children = store.children_among(session, movement, {one.person for one in along if one.person is not None})
    faults = [
        Fault(f"/companions/{n}/person", "is a child, who is counted and not named", "child_named")
        for n, one in enumerate(along)
        if one.person in children
    ]
    if faults:
        raise Invalid(faults=faults)
    return present["/person"], along


def _refuse_unless_all_may_come(
    session: Session, movement: str, slot: Slot, person: str, companions: Sequence[Along]
) -> None:
    """Raise NotAvailable where one of these may not be where another of them, or somebody expected there, is."""
    coming = {person, *(along.person for along in companions if along.person is not None)}
    there = company.of_slot(session, movement, slot.gathering, slot.id) | coming
    if not all(may_join(session, movement, one, there - {one}) for one in coming):
        raise NotAvailable


def _bookable(session: Session, movement: str, gathering: str, slot: str) -> Slot:
    """The slot, locked, of a gathering that is published and stays so until the transaction ends."""
    found = gatherings.as_it_is(session, movement, gathering)
    if found is None:
        raise NotFound
    if found.state == GatheringState.CANCELLED:
        raise GatheringCancelled
    if found.state != GatheringState.PUBLISHED:
        raise GatheringNotOpen(state=found.state)
    taken = slots.for_change(session, movement, slot)
    if taken is None or taken.gathering != gathering:
        raise Invalid(faults=[Fault("/slot", "is no slot of this gathering", "unknown_slot")])
    if taken.state == SlotState.CANCELLED:
        raise SlotCancelled
    if taken.starts_at <= clock.now():
        raise SlotBegun(starts_at=taken.starts_at.isoformat())
    return taken


def _placed(slot: Slot, person: str, places: int, nobody_waits: bool) -> Booking:
    """A booking with its places taken from the slot, or at the end of its line: nobody overtakes who waits already."""
    at, slot.line = clock.now(), slot.line + 1
    has_place = nobody_waits and slot.has_room_for(places)
    if has_place:
        slot.booked += places
    return Booking(
        movement=slot.movement, id=new_id("booking"), gathering=slot.gathering, slot=slot.id, person=person,
        state=State.BOOKED if has_place else State.WAITING, places=places, line=slot.line, version=1, created_at=at,
        updated_at=at, booked_at=at if has_place else None, cancelled_at=None,
    )  # fmt: skip


def _again(session: Session, movement: str, earlier: Booking, companions: Sequence[Along]) -> Shown:
    """The booking that there is, where it says the same."""
    shown = _shown(session, movement, earlier.id)
    before = {(along.kind, along.person): along.people for along in shown[0].companions}
    if before != {(along.kind, along.person): along.people for along in companions}:
        raise AlreadyBooked(booking=earlier.id)
    return shown


def _rows(booking: Booking, companions: Sequence[Along]) -> list[BookingCompanion]:
    return [
        BookingCompanion(
            movement=booking.movement, id=new_id("companion"), booking=booking.id, kind=along.kind,
            people=along.people, person=along.person,
        )
        for along in companions
    ]  # fmt: skip


def _shown(session: Session, movement: str, booking: str) -> Shown:
    session.flush()
    found = store.shown(session, movement, booking)
    if found is None:
        raise NotFound
    return found


def _held(session: Session, movement: str, booking: str, expected: int | None) -> tuple[Booking, Slot]:
    """The booking at the version that the caller read, and its slot, both locked, the slot first."""
    known = store.find(session, movement, booking)
    slot = None if known is None else slots.for_change(session, movement, known.slot)
    found = None if slot is None else store.for_change(session, movement, booking)
    if found is None or slot is None:
        raise NotFound
    refuse_own_staff(session, movement, found.person)
    hold_to(found.version, expected)
    return found, slot
