"""What is done with the times of a gathering: added, moved, resized, cancelled; series make them ahead by a rule."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.engagement.gatherings import store as gatherings
from services.members.engagement.gatherings.bookings import waiting
from services.members.engagement.gatherings.feeds import listing
from services.members.engagement.gatherings.fields import instant, minutes, on_the_clock
from services.members.engagement.gatherings.models import Gathering
from services.members.engagement.gatherings.models import State as GatheringState
from services.members.engagement.gatherings.slots import recurrence, store
from services.members.engagement.gatherings.slots.models import Series, Slot, State
from services.members.engagement.gatherings.slots.schemas import NewSeries, NewSlot, SlotChanges
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Conflict, NotFound
from shared.events.members.gatherings import SlotChanged
from shared.ids import new_id

_OVER = frozenset({GatheringState.HELD, GatheringState.CANCELLED})


class GatheringOver(Conflict):
    """A gathering that was held or cancelled gets no more times; ``state`` says which."""

    code = "gathering_over"
    title = "The gathering was held or cancelled"


class NotBegun(Conflict):
    """Nobody has come to what has not begun; ``starts_at`` says when it does."""

    code = "not_begun"
    title = "The slot has not begun"


def add(session: Session, movement: str, gathering: str, said: NewSlot) -> Slot:
    """Give a gathering one more time. Raises Invalid for an hour that the clocks skip."""
    found, zone = _open(session, movement, gathering), days.zone(session, movement)
    starts_at = instant(said.starts, zone, "/starts")
    return _make(session, found, [starts_at], said.minutes, said.capacity, zone, None)[0]


def change(session: Session, movement: str, gathering: str, slot: str, said: SlotChanges, expected: int | None) -> Slot:
    """Move a slot, give it another capacity or say how many came. Who waits moves up where places come free."""
    held, found = _held(session, movement, gathering, slot, expected)
    given = said.model_fields_set
    if "starts" in given or "minutes" in given:
        _move(found, said)
    if "head_count" in given:
        _count_heads(found, said)
    if "capacity" in given:
        found.resize(said.capacity)
    _told(session, held, found)
    if "capacity" in given:
        waiting.move_up(session, movement, found)
    return found


def cancel(session: Session, movement: str, gathering: str, slot: str, expected: int | None) -> Slot:
    """Open → cancelled; bookings stay as they were, so that it is known who has to hear of it."""
    held, found = _held(session, movement, gathering, slot, expected)
    found.cancel()
    return _told(session, held, found)


def read(session: Session, movement: str, gathering: str, slot: str) -> Slot:
    """One slot of a gathering. Raises NotFound."""
    return _of(gathering, store.find(session, movement, slot))


def list_slots(
    session: Session, movement: str, gathering: str, *, starts_from: datetime | None, starts_before: datetime | None,
    after: After, limit: int,
) -> Sequence[Slot]:  # fmt: skip
    """The slots of a gathering, the earliest first. Raises NotFound."""
    if gatherings.find(session, movement, gathering) is None:
        raise NotFound
    return store.list_slots(
        session, movement, gathering, starts_from=starts_from, starts_before=starts_before, after=after, limit=limit
    )


def add_series(session: Session, movement: str, gathering: str, said: NewSeries, ahead: timedelta) -> Series:
    """Let a gathering come again by a rule; its slots are made so far ahead, the first one in any case."""
    found, zone, at = _open(session, movement, gathering), days.zone(session, movement), clock.now()
    first = instant(said.first, zone, "/first")
    series = Series(
        movement=movement, id=new_id("series"), gathering=gathering, first=said.first, minutes=said.minutes,
        rule=recurrence.checked(said.rule, said.first, zone, "/rule"), time_zone=zone, capacity=said.capacity,
        made_until=max(at + ahead, first), version=1, created_at=at, updated_at=at, ended_at=None,
    )  # fmt: skip
    session.add(series)
    _make_ahead(session, found, series, None)
    return series


def end_series(session: Session, movement: str, gathering: str, series: str, expected: int | None) -> Series:
    """Make no more slots by a rule. Those that are there stay; cancel them one by one."""
    found = store.find_series(session, movement, gathering, series)
    if found is None:
        raise NotFound
    hold_to(found.version, expected)
    found.end(clock.now())
    return found


def list_series(session: Session, movement: str, gathering: str, *, after: After, limit: int) -> Sequence[Series]:
    """The series of a gathering. Raises NotFound."""
    if gatherings.find(session, movement, gathering) is None:
        raise NotFound
    return store.list_series(session, movement, gathering, after=after, limit=limit)


def extend(session: Session, movement: str, gathering: str, series: str, until: datetime) -> None:
    """Make the slots of a series up to a moment, unless somebody just did. One of a gathering that is over ends."""
    found = gatherings.for_change(session, movement, gathering)
    due = store.find_series(session, movement, gathering, series)
    if found is None or due is None or due.ended_at is not None or due.made_until >= until:
        return
    if found.state in _OVER:
        due.end(clock.now())
        return
    before, due.made_until = due.made_until, until
    _make_ahead(session, found, due, before)


def _make_ahead(session: Session, gathering: Gathering, series: Series, after: datetime | None) -> None:
    """The slots of a series behind a moment, up to where it says that they are made."""
    instants = recurrence.occurrences(series.rule, series.first, series.time_zone, after=after, until=series.made_until)
    if len(instants) == recurrence.MOST:  # the rest is made when it is looked at next
        series.made_until = instants[-1]
    _make(session, gathering, instants, series.minutes, series.capacity, series.time_zone, series.id)


def _make(
    session: Session,
    gathering: Gathering,
    instants: Sequence[datetime],
    lasting: int,
    capacity: int | None,
    zone: str,
    series: str | None,
) -> list[Slot]:
    at = clock.now()
    slots = [
        Slot(
            movement=gathering.movement, id=new_id("slot"), gathering=gathering.id, series=series, starts_at=starts_at,
            ends_at=starts_at + minutes(lasting), time_zone=zone, capacity=capacity, booked=0, line=0,
            state=State.OPEN, head_count=None, head_count_bound=None, sequence=0, version=1, created_at=at,
            updated_at=at,
        )
        for starts_at in instants
    ]  # fmt: skip
    store.add(session, slots)
    for slot in slots:
        outbox.record(session, SlotChanged(slot=slot.id, gathering=slot.gathering, state=slot.state))
    listing.relist_slots(session, gathering, [slot.id for slot in slots])
    return slots


def _move(slot: Slot, said: SlotChanges) -> None:
    lasts = minutes(said.minutes) if "minutes" in said.model_fields_set else slot.ends_at - slot.starts_at
    starts = said.starts if "starts" in said.model_fields_set else on_the_clock(slot.starts_at, slot.time_zone)
    if "starts" in said.model_fields_set:
        slot.starts_at = instant(starts, slot.time_zone, "/starts")
    slot.ends_at = slot.starts_at + lasts


def _count_heads(slot: Slot, said: SlotChanges) -> None:
    if said.head_count is None:
        slot.head_count = slot.head_count_bound = None
        return
    refuse_before_it_begins(slot)
    slot.head_count, slot.head_count_bound = said.head_count.people, said.head_count.bound


def refuse_before_it_begins(slot: Slot) -> None:
    """Raise NotBegun while a slot is still to come."""
    if clock.now() < slot.starts_at:
        raise NotBegun(starts_at=slot.starts_at.isoformat())


def _open(session: Session, movement: str, gathering: str) -> Gathering:
    """The gathering, locked, where it may get more times."""
    found = gatherings.for_change(session, movement, gathering)
    if found is None:
        raise NotFound
    if found.state in _OVER:
        raise GatheringOver(state=found.state)
    return found


def _of(gathering: str, slot: Slot | None) -> Slot:
    if slot is None or slot.gathering != gathering:
        raise NotFound
    return slot


def _held(session: Session, movement: str, gathering: str, slot: str, expected: int | None) -> tuple[Gathering, Slot]:
    """The gathering as it is, and its slot, locked, at the version that the caller read."""
    held = gatherings.as_it_is(session, movement, gathering)
    if held is None:
        raise NotFound
    found = _of(gathering, store.for_change(session, movement, slot))
    hold_to(found.version, expected)
    return held, found


def _told(session: Session, gathering: Gathering, slot: Slot) -> Slot:
    slot.changed(clock.now())
    listing.relist_slots(session, gathering, [slot.id])
    outbox.record(session, SlotChanged(slot=slot.id, gathering=slot.gathering, state=slot.state))
    return slot
