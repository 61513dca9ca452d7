"""Every SQL statement about the ladder. What runs with each activity is hot and reads one person's index entries."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, bare, page
from services.members.engagement.activities.models import Activity
from services.members.engagement.ladder.engine import Selection, Tally
from services.members.engagement.ladder.models import LadderPolicy, LadderRun, PolicyState, RungChange, RunKind
from services.members.engagement.memberships.models import HERE, Membership
from shared import clock
from shared.db.hot import Hot, Value, hot

_active = hot(
    sa.select(LadderPolicy.id, LadderPolicy.version, LadderPolicy.rules, LadderPolicy.activated_at).where(
        LadderPolicy.movement == sa.bindparam("movement"), LadderPolicy.state == PolicyState.ACTIVE.value
    )
)
# Every movement's first policy has the same id, made from the movement's: of two first uses one inserts it.
_add_first = hot(
    sa.text(
        "INSERT INTO ladder_policies (movement, id, version, state, rules, created_at, activated_at)"
        " VALUES (:movement, :id, 1, 'active', :rules, :at, :at) ON CONFLICT DO NOTHING"
    )
)
_add_change = hot(sa.insert(RungChange))
_SETTLED = ("state", "rung", "computed_rung", "confirmed_rung", "declined_rung", "held", "off_ladder")
_activated = hot(
    sa.select(LadderPolicy.id, LadderPolicy.version, LadderPolicy.rules, LadderPolicy.activated_at)
    .where(LadderPolicy.movement == sa.bindparam("movement"), LadderPolicy.activated_at.is_not(None))
    .order_by(LadderPolicy.activated_at, LadderPolicy.version)
)
_reviews = hot(
    sa.select(LadderRun.on).where(
        LadderRun.movement == sa.bindparam("movement"), LadderRun.kind == RunKind.REVIEW.value
    )
)
_move = hot(
    sa.update(Membership)
    .where(Membership.movement == sa.bindparam("in_movement"), Membership.person == sa.bindparam("of_person"))
    .values(
        rung=sa.bindparam("to_rung"),
        computed_rung=sa.bindparam("to_computed"),
        version=Membership.version + 1,
        updated_at=sa.bindparam("at", type_=sa.BigInteger),
    )
)
_settle = hot(
    sa.update(Membership)
    .where(Membership.movement == sa.bindparam("in_movement"), Membership.person == sa.bindparam("of_person"))
    .values(
        {name: sa.bindparam(f"to_{name}") for name in (*_SETTLED, "lowered_on")}
        | {"version": Membership.version + 1, "updated_at": sa.bindparam("at", type_=sa.BigInteger)}
    )
)


class Member(NamedTuple):
    """A member as the ladder sees them. Both rungs are None for somebody who has no place on it."""

    person: str
    membership: str
    rung: str | None
    computed_rung: str | None
    state: str = "active"
    confirmed_rung: str | None = None
    declined_rung: str | None = None
    held: bool = False
    off_ladder: bool = False
    lowered_on: date | None = None


class ActivePolicy(NamedTuple):
    """Rules that are or were in force, as stored, and since when, in microseconds."""

    id: str
    version: int
    rules: str
    activated_at: int


_member_columns = (
    *(
        sa.type_coerce(Membership.person, sa.Text),
        Membership.id,
        Membership.rung,
        Membership.computed_rung,
        Membership.state,
    ),
    *(Membership.confirmed_rung, Membership.declined_rung, Membership.held, Membership.off_ladder),
    Membership.lowered_on,
)
# Locked, on PostgreSQL: of two activities of one person the second counts the first one too.
_one_member = hot(
    sa.select(*_member_columns)
    .where(Membership.movement == sa.bindparam("movement"), Membership.person == sa.bindparam("person"))
    .with_for_update()
)


def for_change(session: Session, movement: str, people: Collection[str]) -> list[Member]:
    """The members among the ids, locked until the transaction ends, always in the same order."""
    if len(people) == 1:
        return [_member(row) for row in _one_member.rows(session, {"movement": movement, "person": next(iter(people))})]
    query = sa.select(*_member_columns).where(Membership.movement == movement, Membership.person.in_(people))
    return [_member(row) for row in session.execute(query.order_by(Membership.person).with_for_update())]


def active(session: Session, movement: str) -> ActivePolicy | None:
    """The rules in force; None where the movement has not used its ladder yet."""
    row = _active.one(session, {"movement": movement})
    return None if row is None else ActivePolicy(*row)


def add_first(session: Session, movement: str, policy: str, rules: str, at: int) -> bool:
    """Put the first policy in force, unless somebody just did."""
    return _add_first.run(session, {"movement": movement, "id": policy, "rules": rules, "at": at}) == 1


def activated(session: Session, movement: str) -> list[ActivePolicy]:
    """Every version that was ever put in force, the first one first."""
    return [ActivePolicy(*row) for row in _activated.rows(session, {"movement": movement})]


def reviews(session: Session, movement: str) -> list[date]:
    """The days on which there was a review."""
    rows = _reviews.rows(session, {"movement": movement})
    return [date.fromisoformat(on) if isinstance(on, str) else on for (on,) in rows]


def tallies(
    session: Session,
    movement: str,
    people: Collection[str],
    selections: Sequence[Selection],
    as_of: date,
    since: date | None = None,
) -> Mapping[str, dict[Selection, Tally]]:
    """What each selection finds for each of the people, up to a day: one statement, answered from one index.

    The answer is the engine's own :func:`~services.members.engagement.ladder.engine.tally`, counted by the database.
    With ``since``, a day before, windows begin as they did then: no day from then on finds more.
    """
    counted = _counted(tuple(selections))
    window = {"until": as_of} | {
        f"since_{n}": selection.since(since or as_of) for n, selection in enumerate(selections)
    }
    rows: Sequence[Sequence[Any]]
    if len(people) == 1:
        days = {name: day.isoformat() for name, day in window.items()}
        rows = counted.of_one.rows(session, {"movement": movement, "person": next(iter(people)), **days})
    else:
        query = counted.of_everyone.where(Activity.person.in_(people))
        rows = session.execute(query, {"movement": movement, **window}).all()
    found = {person: dict.fromkeys(selections, Tally()) for person in people}
    for person, *counts in rows:
        for number, selection in enumerate(selections):
            activities, on_days, others, latest = counts[4 * number : 4 * number + 4]
            found[person][selection] = Tally(activities, on_days, others, _day(latest))
    return found


class _Counted(NamedTuple):
    of_one: Hot
    of_everyone: sa.Select[*tuple[Any, ...]]


@lru_cache(maxsize=256)
def _counted(selections: tuple[Selection, ...]) -> _Counted:
    """The statement that counts for a policy's selections: every selection's four figures in one pass."""
    columns: list[sa.ColumnElement[Any]] = []
    for number, selection in enumerate(selections):
        selected = Activity.on >= sa.bindparam(f"since_{number}")
        if selection.kinds:
            selected &= Activity.kind.in_(sorted(selection.kinds))
        columns += [
            sa.func.count(sa.case((selected, 1))),
            sa.func.count(sa.distinct(sa.case((selected, Activity.on)))),
            sa.func.count(sa.distinct(sa.case((selected, Activity.counterpart)))),
            sa.func.max(sa.case((selected, Activity.on))),
        ]
    everyone = (
        sa.select(Activity.person, *columns)
        .where(Activity.movement == sa.bindparam("movement"), Activity.on <= sa.bindparam("until"))
        .where(Activity.voided_at.is_(None))
        .group_by(Activity.person)
    )
    return _Counted(hot(everyone.where(Activity.person == sa.bindparam("person"))), everyone)


def move(session: Session, movement: str, person: str, rung: str, computed: str) -> None:
    """Note where the person stands, and what their activities compute to."""
    key: dict[str, Value] = {"in_movement": movement, "of_person": person}
    _move.run(session, key | {"to_rung": rung, "to_computed": computed, "at": clock.milliseconds() * 1000})


def settle(session: Session, movement: str, member: Member) -> None:
    """Note all that the ladder keeps of a member."""
    key: dict[str, Value] = {"in_movement": movement, "of_person": member.person, "at": clock.milliseconds() * 1000}
    lowered_on = None if member.lowered_on is None else member.lowered_on.isoformat()
    _settle.run(
        session, key | {f"to_{name}": getattr(member, name) for name in _SETTLED} | {"to_lowered_on": lowered_on}
    )


def add_change(session: Session, movement: str, change: RungChange) -> None:
    """Insert a change of rung, by the end of the transaction."""
    _add_change.later(session, bare(change) | {"movement": movement})


def find(session: Session, movement: str, policy: str) -> LadderPolicy | None:
    """A version of the movement's rules."""
    return session.get(LadderPolicy, (movement, policy))


def lock_and_count_versions(session: Session, movement: str) -> int:
    """How many versions there are, once whoever else writes one is done: the first row stands for them all."""
    first = sa.select(LadderPolicy.id).where(LadderPolicy.movement == movement, LadderPolicy.version == 1)
    session.execute(first.with_for_update())
    count = sa.select(sa.func.count()).select_from(LadderPolicy).where(LadderPolicy.movement == movement)
    return session.scalars(count).one()


def retire_active(session: Session, movement: str) -> None:
    """Active → retired: another version takes its place."""
    active = sa.update(LadderPolicy).where(LadderPolicy.movement == movement, LadderPolicy.state == PolicyState.ACTIVE)
    changed = active.values(state=PolicyState.RETIRED)
    session.execute(changed.execution_options(synchronize_session=False))


def next_for_change(session: Session, movement: str, after: str, limit: int) -> list[Member]:
    """The next members in the order of their ids, locked until the transaction ends."""
    query = sa.select(*_member_columns).where(Membership.movement == movement, Membership.person > after)
    return [_member(row) for row in session.execute(query.order_by(Membership.person).limit(limit).with_for_update())]


def on_ladder_after(session: Session, movement: str, after: str, limit: int) -> list[Member]:
    """The next members who have a rung, in the order of their ids, for reading."""
    query = sa.select(*_member_columns).where(
        Membership.movement == movement, Membership.person > after, Membership.rung.is_not(None)
    )
    return [_member(row) for row in session.execute(query.order_by(Membership.person).limit(limit))]


def list_versions(session: Session, movement: str, *, after: After, limit: int) -> Sequence[LadderPolicy]:
    """Versions in the order of their number, those after ``after`` first."""
    query = sa.select(LadderPolicy).where(LadderPolicy.movement == movement)
    return session.scalars(page(query, LadderPolicy.version, after, limit)).all()


def changes(session: Session, movement: str, person: str) -> Sequence[RungChange]:
    """Every step of a person, the first one first."""
    query = sa.select(RungChange).where(RungChange.movement == movement, RungChange.person == person)
    return session.scalars(query.order_by(RungChange.changed_at, RungChange.id)).all()


def member(session: Session, movement: str, person: str) -> Member | None:
    """Where a person stands, for reading."""
    query = sa.select(*_member_columns).where(Membership.movement == movement, Membership.person == person)
    row = session.execute(query).one_or_none()
    return None if row is None else _member(row)


def standings(session: Session, movement: str) -> Sequence[tuple[str | None, str | None, str | None, int]]:
    """How many people stand on each rung, compute to each and declined each; under None those who have no ladder."""
    standing = (Membership.rung, Membership.computed_rung, Membership.declined_rung)
    here = (Membership.movement == movement, Membership.person.is_not(None), Membership.state.in_(HERE))
    query = sa.select(*standing, sa.func.count()).where(*here).group_by(*standing)
    return [(rung, computed, declined, count) for rung, computed, declined, count in session.execute(query)]


def _member(row: Sequence[Any]) -> Member:
    return Member._make((*row[:-1], _day(row[-1])))


def _day(value: date | str | None) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
