"""What somebody says of their capacity: they say it, they see it first, and who else sees it is theirs to choose."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.community import people
from services.members.community.capacity import models, store
from services.members.community.capacity.models import NO_ROOM, Level
from services.members.community.capacity.schemas import Capacities, Capacity, LevelCount, NewCapacity
from shared import clock
from shared.errors import Fault, Forbidden, Invalid, NotFound
from shared.ids import new_id


class OnlyTheirs(Forbidden):
    """It is for the person to say, or for somebody whom they told and with whom they share it."""

    code = "only_theirs_to_say"
    title = "Only they say this of themself"


def say(session: Session, movement: str, person: str, said: NewCapacity, caller: str | None) -> Capacity:
    """Somebody says how much room they have. What they said before, and with whom they shared it, is forgotten.

    ``caller`` is who calls, among the movement's people. Raises OnlyTheirs.
    """
    theirs, own = _whose(session, movement, person), people.found(session, movement, caller)
    named = people.current(
        session, movement, {f"/shared_with/{number}": one for number, one in enumerate(said.shared_with)}
    )
    if own != theirs and (own not in named.values() or said.told_us_on is None):
        raise OnlyTheirs
    today = days.today(session, movement)
    _refuse_days(said, today)
    store.forget(session, movement, theirs)
    row = models.Capacity(
        movement=movement, id=new_id("capacity"), person=theirs, level=said.level, note=said.note, until=said.until,
        told_us_on=said.told_us_on, said_at=clock.now(),
    )  # fmt: skip
    store.add(session, row)
    for other in sorted(set(named.values()) - {theirs}):
        store.add(session, models.Share(movement=movement, id=new_id("share"), capacity=row.id, shared_with=other))
    return read(session, movement, person, caller)


def read(session: Session, movement: str, person: str, caller: str | None) -> Capacity:
    """What the caller may see of it: the person everything, those it is shared with the level, all others nothing."""
    theirs, own = _whose(session, movement, person), people.found(session, movement, caller)
    row = store.find(session, movement, theirs, days.today(session, movement))
    if row is None:
        return Capacity(person=theirs, level=None, until=None)
    shared = list(store.shared_with(session, movement, row.id))
    if own == theirs:
        return Capacity(
            person=theirs, level=Level(row.level), until=row.until, note=row.note, shared_with=shared,
            said_at=row.said_at,
        )  # fmt: skip
    if own in shared:
        return Capacity(person=theirs, level=Level(row.level), until=row.until)
    return Capacity(person=theirs, level=None, until=None)


def take_back(session: Session, movement: str, person: str, caller: str | None) -> None:
    """Forget what somebody said. Raises OnlyTheirs."""
    theirs = _whose(session, movement, person)
    if people.found(session, movement, caller) != theirs:
        raise OnlyTheirs
    store.forget(session, movement, theirs)


def shares_no_room(session: Session, movement: str, person: str, caller: str | None) -> bool:
    """Whether somebody says that they are stretched or have no room, and lets the caller know it."""
    return read(session, movement, person, caller).level in NO_ROOM


def count(session: Session, movement: str, hide_up_to: int, round_to: int) -> Capacities:
    """How many people say what, without a name."""
    found = store.counts(session, movement, days.today(session, movement))
    return disclosed(found, hide_up_to, round_to)


def disclosed(found: Mapping[Level, int], hide_up_to: int, round_to: int) -> Capacities:
    """Counts as they may be shown: small ones hidden, the others rounded, the total the sum of the rounded ones.

    A total of the true counts would give a single hidden one away. With 7 and 5: 3, 8, 16, 23 → hidden, 10, 15, 25,
    total 50 (the suppression profile "redact up to 7, then round to 5").
    """
    shown = {
        level: None if found[level] <= hide_up_to else (2 * found[level] + round_to) // (2 * round_to) * round_to
        for level in Level
    }
    return Capacities(
        levels=[LevelCount(level=level, people=shown[level]) for level in Level],
        total=sum(number or 0 for number in shown.values()),
        hidden_up_to=hide_up_to,
        rounded_to=round_to,
    )


def _whose(session: Session, movement: str, person: str) -> str:
    found = people.found(session, movement, person)
    if found is None:
        raise NotFound
    return found


def _refuse_days(said: NewCapacity, today: date) -> None:
    faults = []
    if said.until is not None and said.until < today:
        faults.append(Fault("/until", "is past", "in_the_past"))
    if said.told_us_on is not None and said.told_us_on > today:
        faults.append(Fault("/told_us_on", "is in the future", "in_the_future"))
    if faults:
        raise Invalid(faults=faults)
