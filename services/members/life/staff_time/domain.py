"""The verbs of staff time: noted, corrected, ended."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.life.staff_time import store
from services.members.life.staff_time.models import StaffTime
from services.members.life.staff_time.schemas import NewStaffTime, StaffTimeChanges
from services.members.life.staff_time.store import Chosen
from services.members.named import by_present_ids, named
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.life import StaffTimeEnded, StaffTimeNoted
from shared.ids import new_id


def note(session: Session, movement: str, said: NewStaffTime) -> StaffTime:
    """Note staff time that an organisation gives. Raises Invalid."""
    found = named(session, movement, organisations={"/organisation": said.organisation})
    if found.faults:
        raise Invalid(faults=found.faults)
    at = clock.now()
    time = StaffTime(
        movement=movement,
        id=new_id("stafftime"),
        version=1,
        organisation=found.ids["/organisation"],
        work=said.work,
        minutes=_minutes(said.hours_a_week),
        what=said.what,
        starts_on=said.starts_on,
        ended_on=said.ended_on,
        created_at=at,
        updated_at=at,
    )
    session.add(time)
    outbox.record(session, StaffTimeNoted(stafftime=time.id, work=said.work))
    return time


def correct(session: Session, movement: str, id: str, changes: StaffTimeChanges, expected: int | None) -> StaffTime:
    """Correct what was noted. Raises NotFound, PreconditionFailed."""
    time = _held(session, movement, id)
    hold_to(time.version, expected)
    changes.apply(time, "what")
    if changes.hours_a_week is not None:
        time.minutes = _minutes(changes.hours_a_week)
    time.changed(clock.now())
    return time


def end(session: Session, movement: str, id: str, on: date | None) -> StaffTime:
    """Note that it is given no longer. Raises NotFound, EndedAlready, Invalid."""
    time = _held(session, movement, id)
    day = on or days.today(session, movement)
    if day <= time.starts_on:
        raise Invalid(faults=[Fault("/on", "is not after the day from which it was given", "before_start")])
    time.end(day, clock.now())
    outbox.record(session, StaffTimeEnded(stafftime=id, work=time.work))
    return time


def list_time(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[StaffTime]:
    """Staff time in the order in which it was noted; of an organisation by any id that it ever had."""
    chosen = by_present_ids(session, movement, chosen, organisations=("organisation",))
    return store.list_time(session, movement, chosen=chosen, after=after, limit=limit)


def read(session: Session, movement: str, id: str) -> StaffTime:
    """One. Raises NotFound."""
    return _found(store.find(session, movement, id))


def _held(session: Session, movement: str, id: str) -> StaffTime:
    return _found(store.find(session, movement, id, locked=True))


def _found(time: StaffTime | None) -> StaffTime:
    if time is None:
        raise NotFound
    return time


def _minutes(hours: float) -> int:
    return round(hours * 60)
