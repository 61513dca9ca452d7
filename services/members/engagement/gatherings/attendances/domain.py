"""Saying who came: one at a time or a whole register, corrected later; what people did counts for the ladder."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.directory.people import store as people
from services.members.directory.signups import domain as signups
from services.members.engagement.activities import domain as activities
from services.members.engagement.activities.schemas import NewActivity
from services.members.engagement.gatherings import store as gatherings
from services.members.engagement.gatherings.attendances import store
from services.members.engagement.gatherings.attendances.models import Attendance, Role, Status
from services.members.engagement.gatherings.attendances.schemas import AttendanceChanges, NewAttendance
from services.members.engagement.gatherings.attendances.store import Line, Tally
from services.members.engagement.gatherings.bookings.domain import GatheringCancelled, GatheringNotOpen
from services.members.engagement.gatherings.fields import on_the_clock, present_people
from services.members.engagement.gatherings.models import State as GatheringState
from services.members.engagement.gatherings.slots import domain as slots
from services.members.engagement.gatherings.slots import store as slots_store
from services.members.engagement.gatherings.slots.models import Slot, SlotCancelled
from services.members.engagement.gatherings.slots.models import State as SlotState
from services.members.trust.employers.store import refuse_own_staff
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.gatherings import AttendanceCorrected, AttendanceRecorded
from shared.ids import new_id

_CORRECTED = "The attendance that it stands for was corrected."


class AlreadyRecorded(Conflict):
    """Something else has been said of this person; ``attendance`` is what to correct."""

    code = "attendance_recorded"
    title = "It has been said before whether this person came"


def record_one(session: Session, movement: str, gathering: str, said: NewAttendance) -> Attendance:
    """Say of one person, or of people without a name, that they came. Raises as record_many does."""
    return _record(session, movement, gathering, {"": said})[0]


def record_many(session: Session, movement: str, gathering: str, said: Sequence[NewAttendance]) -> list[Attendance]:
    """Say it of everybody in a list, or, with any fault, of nobody. The same again changes nothing.

    Raises NotBegun, SlotCancelled, GatheringCancelled, GatheringNotOpen, AlreadyRecorded, Invalid.
    """
    return _record(session, movement, gathering, {f"/{n}": one for n, one in enumerate(said)})


def correct(
    session: Session, movement: str, attendance: str, said: AttendanceChanges, expected: int | None
) -> Attendance:
    """Say it anew. What counted for the ladder is voided, and what is true now counts in its place."""
    found = store.for_change(session, movement, attendance)
    if found is None:
        raise NotFound
    refuse_own_staff(session, movement, found.person)
    hold_to(found.version, expected)
    given, counted_as = said.model_fields_set, found.counts_as
    if found.person is None and "status" in given and said.status is not Status.ATTENDED:
        raise Invalid(faults=[Fault("/status", "only somebody who is known is absent or unknown", "nobody_absent")])
    found.correct(
        clock.now(),
        status=said.status if "status" in given else Status(found.status),
        role=said.role if "role" in given else Role(found.role),
        people=said.people if "people" in given else found.people,
    )
    if found.counts_as != counted_as:
        if found.activity is not None:
            activities.void(session, movement, found.activity, _CORRECTED)
            found.activity = None
        _count(session, movement, [found], _slots(session, movement, found.gathering, {"/slot": found.slot}))
    corrected = AttendanceCorrected(
        attendance=found.id, gathering=found.gathering, slot=found.slot, person=found.person, status=found.status,
        people=found.people,
    )  # fmt: skip
    outbox.record(session, corrected)
    return found


def read(session: Session, movement: str, attendance: str) -> Attendance:
    """One attendance. Raises NotFound and OwnStaff."""
    found = store.find(session, movement, attendance)
    if found is None:
        raise NotFound
    refuse_own_staff(session, movement, found.person)
    return found


def list_attendances(
    session: Session, movement: str, gathering: str | None, *, slot: str | None = None, person: str | None = None,
    updated_since: datetime | None, after: After, limit: int,
) -> Sequence[Attendance]:  # fmt: skip
    """Attendances of a gathering, or everybody's. Raises NotFound."""
    if gathering is not None and gatherings.find(session, movement, gathering) is None:
        raise NotFound
    now_known_as = None if person is None else people.present_id(session, movement, person)
    return store.list_attendances(
        session, movement, gathering=gathering, slot=slot, person=now_known_as, updated_since=updated_since,
        after=after, limit=limit,
    )  # fmt: skip


def register(session: Session, movement: str, gathering: str, slot: str, after: After, limit: int) -> Sequence[Line]:
    """Who booked a slot or came to it. Raises NotFound."""
    slots.read(session, movement, gathering, slot)
    return store.register(session, movement, slot, after, limit)


def turnout(session: Session, movement: str, gathering: str, slot: str) -> tuple[Slot, Sequence[Tally]]:
    """A slot, and how many of its people came. Raises NotFound."""
    return slots.read(session, movement, gathering, slot), store.tallies(session, movement, slot)


def _record(session: Session, movement: str, gathering: str, said: Mapping[str, NewAttendance]) -> list[Attendance]:
    """Record attendances, each given under the pointer of its place in the request."""
    found = gatherings.as_it_is(session, movement, gathering)
    if found is None:
        raise NotFound
    if found.state == GatheringState.CANCELLED:
        raise GatheringCancelled
    if found.state == GatheringState.DRAFT:
        raise GatheringNotOpen(state=found.state)
    locked = _slots(session, movement, gathering, {f"{place}/slot": one.slot for place, one in said.items()})
    for slot in locked.values():
        if slot.state == SlotState.CANCELLED:
            raise SlotCancelled
        slots.refuse_before_it_begins(slot)
    present = present_people(session, movement, {f"{place}/person": one.person for place, one in said.items()})
    _refuse_repeated(said, present)
    made = [_said(session, movement, one, place, present, locked[one.slot]) for place, one in said.items()]
    new = [attendance for attendance, is_new in made if is_new]
    store.add(session, new)
    _count(session, movement, new, locked)
    for attendance in new:
        _tell(session, attendance)
    return [attendance for attendance, _ in made]


def _slots(session: Session, movement: str, gathering: str, named: Mapping[str, str]) -> dict[str, Slot]:
    """The slots of a gathering by id, locked, always in the same order. Raises Invalid with a fault for each other."""
    found = {slot: slots_store.for_change(session, movement, slot) for slot in sorted(set(named.values()))}
    ours = {id_: slot for id_, slot in found.items() if slot is not None and slot.gathering == gathering}
    unknown = [pointer for pointer, slot in named.items() if slot not in ours]
    if unknown:
        raise Invalid(faults=[Fault(at, "is no slot of this gathering", "unknown_slot") for at in unknown])
    return ours


def _refuse_repeated(said: Mapping[str, NewAttendance], present: Mapping[str, str]) -> None:
    seen: set[tuple[str, str]] = set()
    faults = []
    for place, one in said.items():
        person = present.get(f"{place}/person")
        if person is not None and (one.slot, person) in seen:
            faults.append(Fault(f"{place}/person", "is named twice for this slot", "repeated"))
        elif person is not None:
            seen.add((one.slot, person))
    if faults:
        raise Invalid("nothing was recorded", faults=faults)


def _said(
    session: Session, movement: str, said: NewAttendance, place: str, present: Mapping[str, str], slot: Slot
) -> tuple[Attendance, bool]:
    """What is said of one entry: a new row, or the one that says the same; and whether anything is new about it."""
    person = present.get(f"{place}/person")
    if said.sign_up is not None:
        try:
            person = signups.sign_up(session, movement, said.sign_up).person
        except Invalid as error:
            raise error.within(f"{place}/sign_up") from None
    at = clock.now()
    if person is None:
        return _row(slot, said, None, None, said.nameless or 1, at), True
    booking = store.booked_by(session, movement, slot.id, [person]).get(person)
    came = said.people or (1 if booking is None else booking.places)
    before = store.said_of(session, movement, slot.id, [person]).get(person)
    if before is None:
        return _row(slot, said, person, None if booking is None else booking.id, came, at), True
    if (before.status, before.role, before.people) == (said.status, said.role, came):
        return before, False
    if before.status != Status.UNKNOWN:
        raise AlreadyRecorded(attendance=before.id)
    before.correct(at, status=said.status, role=said.role, people=came)
    return before, True


def _row(
    slot: Slot, said: NewAttendance, person: str | None, booking: str | None, came: int, at: datetime
) -> Attendance:
    return Attendance(
        movement=slot.movement, id=new_id("attendance"), gathering=slot.gathering, slot=slot.id, person=person,
        people=came, status=said.status, role=said.role, booking=booking, activity=None, version=1, created_at=at,
        updated_at=at,
    )  # fmt: skip


def _count(session: Session, movement: str, said: Sequence[Attendance], known: Mapping[str, Slot]) -> None:
    """Record what people did, on the day on which the slot began where it was."""
    today = days.today(session, movement)
    counted: list[Attendance] = []
    did: list[NewActivity] = []
    for attendance in said:
        kind, slot = attendance.counts_as, known[attendance.slot]
        if kind is not None and attendance.person is not None:
            on = min(on_the_clock(slot.starts_at, slot.time_zone).date(), today)
            did.append(NewActivity(person=attendance.person, kind=kind, on=on))
            counted.append(attendance)
    if did:
        for attendance, activity in zip(counted, activities.record_many(session, movement, did), strict=True):
            attendance.activity = activity.id


def _tell(session: Session, attendance: Attendance) -> None:
    recorded = AttendanceRecorded(
        attendance=attendance.id, gathering=attendance.gathering, slot=attendance.slot, person=attendance.person,
        status=attendance.status, people=attendance.people,
    )  # fmt: skip
    outbox.record(session, recorded)
