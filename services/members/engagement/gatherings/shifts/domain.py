"""Shifts and availability are entered and changed, and the next slots matched with them, saying why one fits not."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members.engagement.gatherings import store as gatherings
from services.members.engagement.gatherings.fields import on_the_clock, present_people
from services.members.engagement.gatherings.shifts import schemas, store
from services.members.engagement.gatherings.shifts.matching import Span, at_work, is_free
from services.members.engagement.gatherings.shifts.models import Availability, Shift
from services.members.engagement.gatherings.slots.models import Slot
from shared import clock
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.ids import new_id

_NEXT = 100
"""Slots that are looked at."""
_MOST_SHIFTS = 200


def add_shift(session: Session, movement: str, said: schemas.NewShift) -> Shift:
    """Enter a pattern of work."""
    at = clock.now()
    shift = Shift(
        movement=movement, id=new_id("shift"), version=1, created_at=at, updated_at=at, **said.model_dump()
    )  # fmt: skip
    store.add(session, shift)
    return shift


def change_shift(session: Session, movement: str, shift: str, said: schemas.NewShift, expected: int | None) -> Shift:
    """Replace a pattern of work. Raises NotFound."""
    found = store.find(session, movement, shift, lock=True)
    if found is None:
        raise NotFound
    hold_to(found.version, expected)
    for field, value in said.model_dump().items():
        setattr(found, field, value)
    found.version, found.updated_at = found.version + 1, clock.now()
    return found


def shift(session: Session, movement: str, shift: str) -> Shift:
    """One shift. Raises NotFound."""
    found = store.find(session, movement, shift)
    if found is None:
        raise NotFound
    return found


def availability(session: Session, movement: str, person: str) -> schemas.Availability:
    """When a person can come, as far as they said. Raises NotFound."""
    known = _person(session, movement, person)
    found = store.availability(session, movement, known)
    if found is None:
        return schemas.Availability(person=known, shift=None, free=[], version=0, updated_at=None)
    return schemas.Availability.of(found)


def say(
    session: Session, movement: str, person: str, said: schemas.NewAvailability, expected: int | None
) -> Availability:
    """Say when a person can come, in place of what they said before. Raises NotFound, Invalid."""
    known, at = _person(session, movement, person), clock.now()
    found = store.availability(session, movement, known, lock=True)
    hold_to(0 if found is None else found.version, expected)
    if said.shift is not None and store.find(session, movement, said.shift) is None:
        raise Invalid(faults=[Fault("/shift", "is no shift of this movement", "unknown_shift")])
    if found is None:
        found = Availability(
            movement=movement, id=new_id("availability"), person=known, shift=None, free=[], version=0, updated_at=at
        )
    found.shift, found.free = said.shift, said.model_dump()["free"]
    found.version, found.updated_at = found.version + 1, at
    store.add(session, found)
    return found


def fit(session: Session, movement: str, gathering: str) -> schemas.GatheringFit:
    """The next slots of a gathering by shift. Raises NotFound."""
    if gatherings.find(session, movement, gathering) is None:
        raise NotFound
    shifts = store.list_shifts(session, movement, after=None, limit=_MOST_SHIFTS)
    slots = [_slot_fit(slot, shifts) for slot in store.next_slots(session, movement, clock.now(), _NEXT, gathering)]
    reached = {shift for slot in slots for shift in slot.fits}
    return schemas.GatheringFit(slots=slots, never_reached=[each.id for each in shifts if each.id not in reached])


def fitting_slots(session: Session, movement: str, person: str) -> schemas.FittingSlots:
    """The next slots of all that is published, and which of them a person can come to. Raises NotFound."""
    said = store.availability(session, movement, _person(session, movement, person))
    works = None if said is None or said.shift is None else store.find(session, movement, said.shift)
    free = [] if said is None else said.free
    found = []
    for slot in store.next_slots(session, movement, clock.now(), _NEXT):
        span = _span(slot)
        busy = [] if works is None else at_work(works, span)
        fits = not busy and is_free(free, span)
        found.append(
            schemas.FittingSlot(
                slot=slot.id, gathering=slot.gathering, starts=span.begins, fits=fits,
                why=None if fits else "at_work" if busy else "not_free", at_work=_shown(busy),
            )
        )  # fmt: skip
    return schemas.FittingSlots(data=found)


def _slot_fit(slot: Slot, shifts: Sequence[Shift]) -> schemas.SlotFit:
    span = _span(slot)
    busy = {shift.id: at_work(shift, span) for shift in shifts}
    return schemas.SlotFit(
        slot=slot.id,
        starts=span.begins,
        fits=[shift for shift, spans in busy.items() if not spans],
        left_out=[schemas.LeftOut(shift=shift, at_work=_shown(spans)) for shift, spans in busy.items() if spans],
    )


def _span(slot: Slot) -> Span:
    return Span(on_the_clock(slot.starts_at, slot.time_zone), on_the_clock(slot.ends_at, slot.time_zone))


def _shown(spans: Sequence[Span]) -> list[schemas.AtWork]:
    return [schemas.AtWork(begins=span.begins, ends=span.ends) for span in spans]


def _person(session: Session, movement: str, person: str) -> str:
    try:
        return present_people(session, movement, {"": person})[""]
    except Invalid:
        raise NotFound from None
