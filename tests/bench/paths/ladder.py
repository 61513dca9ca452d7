"""Everybody's place on the ladder reckoned anew: 10,000 people with 200,000 activities, and ten times as many of both.

Beside it the same activities read by the bare driver, for reckoning begins with reading them. SQLite, one process; the
slices are those of the service, and one of them is what a write that comes meanwhile waits for.
"""

import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random
from statistics import median
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import Base
from services.members.directory.people.models import Person
from services.members.directory.signups import domain as signups
from services.members.directory.signups.schemas import NewSignUp
from services.members.engagement.activities.models import Activity
from services.members.engagement.ladder import runs
from services.members.engagement.ladder.models import RunKind
from services.members.engagement.ladder.review import PEOPLE_IN_A_SLICE
from services.members.engagement.memberships.models import Membership
from shared import clock
from shared.db import Bound, Context, open_database
from shared.db.migrate import upgrade
from shared.db.session import of
from shared.ids import new_id
from tests.bench.ground import Ground
from tests.bench.rows import Row, at_most, ratio

_PEOPLE = 10_000
_ACTIVITIES_EACH = 20
_DAYS = 400
_ROWS_AT_ONCE = 20_000


class _Measured(NamedTuple):
    seconds: float
    slice: float
    reading: float


async def measure(ground: Ground) -> Sequence[Row]:
    """People a second, how the time grows with ten times as many, and the median slice."""
    small, large = await _at(ground, _PEOPLE), await _at(ground, 10 * _PEOPLE)
    path = f"ladder recompute of {_PEOPLE:,} people / reading their activities"
    return [
        ratio(path, _PEOPLE / small.seconds, _PEOPLE / small.reading, "people/s", goal=0.05),
        at_most("ladder recompute, ten times the people", large.seconds / small.seconds, "× the time", most=13,
                beside=f"{10 * _PEOPLE / large.seconds:,.0f} people/s"),
        at_most(f"ladder recompute, a slice of {PEOPLE_IN_A_SLICE}", 1000 * large.slice, "ms", most=50),
    ]  # fmt: skip


async def _at(ground: Ground, people: int) -> _Measured:
    database = open_database(f"sqlite:///{ground.folder / f'ladder-{people}.db'}")
    await database.open()
    upgrade("members", database.engine)
    movement = new_id("movement")
    bound = database.on_behalf(Context(movement, "bench"))
    await _fill(bound, movement, people)
    await _recompute(bound, movement)  # everybody moves for the first time; what is measured is that all is well
    slices = await _recompute(bound, movement)
    reading = await bound.read(_read_bare, movement)
    await database.close()
    return _Measured(sum(slices), median(slices), reading)


async def _recompute(bound: Bound, movement: str) -> list[float]:
    """The seconds that each slice took."""
    await bound.write(runs.start, movement, RunKind.RECOMPUTE)
    slices, more = [], True
    while more:
        began = time.perf_counter()
        more = await bound.write(runs.go_on, movement, PEOPLE_IN_A_SLICE)
        slices.append(time.perf_counter() - began)
    return slices


async def _fill(bound: Bound, movement: str, people: int) -> None:
    """Sign one person up, and make all the others in their image."""
    said = NewSignUp.model_validate({"person": {"given_name": "Ada"}})
    first = await bound.write(signups.sign_up, movement, said)
    ids = [new_id("person") for _ in range(people - 1)]
    memberships = [{"id": new_id("membership"), "person": person} for person in ids]
    await bound.write(_copy, movement, Person, [{"id": person} for person in ids], first.person)
    await bound.write(_copy, movement, Membership, memberships, first.membership)
    rows = _activities(movement, [first.person, *ids])
    while some := [row for row, _ in zip(rows, range(_ROWS_AT_ONCE), strict=False)]:
        await bound.write(_insert, some)


def _copy(session: Session, movement: str, model: type[Base], changed: Sequence[dict[str, str]], of_id: str) -> None:
    table = model.metadata.tables[str(model.__tablename__)]
    columns = [sa.bindparam(f"new_{each.name}") if each.name in changed[0] else each for each in table.c]
    source = sa.select(*columns).where(table.c.movement == movement, table.c.id == of_id)
    copied = sa.insert(table).from_select([each.name for each in table.c], source)
    session.connection().execute(copied, [{f"new_{name}": value for name, value in row.items()} for row in changed])


def _activities(movement: str, people: Sequence[str]) -> Iterator[dict[str, object]]:
    """What they did, on days of the last year or so, with one another; recorded now, which is late for most of it."""
    dice, today, now = Random(1), clock.today("Europe/London"), clock.now()
    for person in people:
        for _ in range(_ACTIVITIES_EACH):
            yield {
                "movement": movement,
                "id": new_id("activity"),
                "person": person,
                "kind": dice.choice(["walk", "led", "meal"]),
                "on": today - timedelta(days=dice.randrange(_DAYS)),
                "counterpart": dice.choice(people) if dice.random() < 0.5 else None,
                "organisation": None,
                "recorded_at": now,
                "voided_at": None,
            }


def _insert(session: Session, rows: Sequence[dict[str, object]]) -> None:
    session.execute(sa.insert(Activity), rows)


def _read_bare(session: Session, movement: str) -> float:
    """Seconds to read what a recompute reads of activities, as the driver hands it over."""
    began, count = time.perf_counter(), 0
    cursor = of(session).driver.cursor()
    cursor.execute(
        "SELECT person, id, kind, happened_on, counterpart, recorded_at FROM activities"
        " WHERE movement = ? ORDER BY person",
        (movement,),
    )
    for person, which, kind, on, counterpart, recorded_at in cursor:
        count += bool((person, which, kind, date.fromisoformat(on), counterpart, recorded_at))
    return time.perf_counter() - began
