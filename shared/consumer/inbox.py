"""The inbox: what a consumer has applied of each key, and the keys that it has parked.

One row a (consumer, service, key) holds the last sequence applied. A number at or below it is a duplicate, the next one
applies, a later one is a gap. A gap or a poisoned event parks the key, never the topic: its later events wait behind
it, in order.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from shared import clock
from shared.bus.records import Headers
from shared.db.hot import Hot, Value, hot
from shared.db.infrastructure import consumer_cursor, inbox, parked_event, parked_key
from shared.db.session import of
from shared.db.types import microseconds
from shared.events.base import Received
from shared.events.envelope import received

Key = tuple[str, str]
"""A service and a key of its."""

GAP, POISON = "gap", "poison"
_FORGOTTEN_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Parked:
    """A key that waits: since when (milliseconds), why, and how many events stand behind it."""

    service: str
    key: str
    reason: str
    detail: str
    parked_at: int
    waiting: int


def _upsert(insert: type[sqlite.Insert] | type[postgresql.Insert]) -> Hot:
    statement = insert(inbox)
    return hot(
        statement.on_conflict_do_update(
            index_elements=["consumer", "service", "key"], set_={"sequence": statement.excluded.sequence}
        ),
        distinct=True,
    )


_reach = {"sqlite": _upsert(sqlite.Insert), "postgresql": _upsert(postgresql.Insert)}
_advance = hot(
    sa.update(consumer_cursor)
    .where(consumer_cursor.c.consumer == sa.bindparam("who"))
    .where(consumer_cursor.c.topic == sa.bindparam("of"))
    .where(consumer_cursor.c.partition == sa.bindparam("number"))
    .where(consumer_cursor.c.position == sa.bindparam("loaded"))
    .values(position=sa.bindparam("next"))
)
_keys = sa.bindparam("keys", type_=sa.Text)


def _reached_of(key: "sa.ColumnElement[str]") -> Hot:
    """How far each of some keys of one service has come, or NULL; they are given as a JSON array.

    A look-up for each: a join would be planned by what the database knows of the table, which is nothing at first.
    """
    here = (inbox.c.consumer == sa.bindparam("who")) & (inbox.c.service == sa.bindparam("of"))
    return hot(sa.select(key, sa.select(inbox.c.sequence).where(here, inbox.c.key == key).scalar_subquery()))


_reached = {
    "sqlite": _reached_of(sa.func.json_each(_keys).table_valued("value").c.value),
    "postgresql": _reached_of(
        sa.func.jsonb_array_elements_text(sa.cast(_keys, postgresql.JSONB)).column_valued("wanted")
    ),
}
_parked_among = hot(
    sa.select(parked_key.c.service, parked_key.c.key, parked_key.c.reason).where(
        parked_key.c.consumer == sa.bindparam("who")
    )
)
_begin = hot(sa.insert(consumer_cursor))
_wait_behind = hot(sa.insert(parked_event))


class Zombie(RuntimeError):
    """Another instance has moved this consumer's cursor: this one no longer owns the partition and must stop."""


def positions(session: orm.Session, consumer: str) -> dict[tuple[str, int], int]:
    """The next offset that the consumer wants from each partition that it has read."""
    where = consumer_cursor.c.consumer == consumer
    rows = session.execute(
        sa.select(consumer_cursor.c.topic, consumer_cursor.c.partition, consumer_cursor.c.position).where(where)
    )
    return {(topic, partition): position for topic, partition, position in rows}


def advance(session: orm.Session, consumer: str, partition: tuple[str, int], loaded: int | None, next_: int) -> None:
    """Move the cursor from the position that was loaded to the next one; raises Zombie if somebody else has."""
    topic, number = partition
    if loaded is None:
        try:
            _begin.run(session, {"consumer": consumer, "topic": topic, "partition": number, "position": next_})
        except sa.exc.IntegrityError as error:
            raise Zombie(f"{consumer} at {topic}/{number}") from error
        return
    where: dict[str, Value] = {"who": consumer, "of": topic, "number": number, "loaded": loaded, "next": next_}
    if _advance.run(session, where) != 1:
        raise Zombie(f"{consumer} at {topic}/{number}")


def sequences(session: orm.Session, consumer: str, keys: Iterable[Key]) -> dict[Key, int]:
    """The last sequence applied of each of these keys; 0 where none was."""
    reached = dict.fromkeys(keys, 0)
    by_service: defaultdict[str, list[str]] = defaultdict(list)
    for service, key in reached:
        by_service[service].append(key)
    statement = _reached[of(session).dialect.name]
    for service, names in by_service.items():
        where: dict[str, Value] = {"who": consumer, "of": service, "keys": msgspec.json.encode(names).decode()}
        for key, sequence in statement.rows(session, where):
            reached[service, key] = sequence or 0
    return reached


def reach(session: orm.Session, consumer: str, applied: Iterable[Received]) -> None:
    """Record that these events were applied: the last of each key is what counts, and each key's come in order."""
    last = {(event.service, event.key): event for event in applied}
    rows: list[dict[str, Value]] = [
        {
            "consumer": consumer,
            "service": service,
            "key": key,
            "movement": last[service, key].movement,
            "sequence": last[service, key].sequence,
        }
        for service, key in sorted(last)
    ]
    if rows:
        _reach[of(session).dialect.name].many(session, rows)


def parked_among(session: orm.Session, consumer: str) -> dict[Key, str]:
    """Every parked key of the consumer, with the reason."""
    rows = _parked_among.rows(session, {"who": consumer})
    return {(service, key): reason for service, key, reason in rows}


def park(session: orm.Session, consumer: str, event: Received, reason: str, detail: str) -> None:
    """Set the key of an event aside. ``detail`` names what failed, never what was in it."""
    session.execute(
        sa.insert(parked_key).values(
            consumer=consumer,
            service=event.service,
            key=event.key,
            movement=event.movement,
            reason=reason,
            detail=detail,
            parked_at=microseconds(clock.now()) // 1000,
        )
    )


def wait_behind(session: orm.Session, consumer: str, event: Received, headers: Headers) -> None:
    """Keep an event of a parked key; the same one twice is kept once."""
    place: dict[str, Value] = {
        "consumer": consumer, "service": event.service, "key": event.key, "sequence": event.sequence,
    }  # fmt: skip
    if session.scalar(sa.select(parked_event.c.sequence).filter_by(**place)) is None:
        _wait_behind.run(session, place | {"headers": msgspec.json.encode(headers), "value": event.payload})


def waiting(session: orm.Session, consumer: str, key: Key) -> list[Received]:
    """The events that wait behind a parked key, in order."""
    service, name = key
    rows = session.execute(
        sa.select(parked_event.c.headers, parked_event.c.value)
        .filter_by(consumer=consumer, service=service, key=name)
        .order_by(parked_event.c.sequence)
    )
    return [received(msgspec.json.decode(headers, type=Headers), bytes(value)) for headers, value in rows]


def release(session: orm.Session, consumer: str, key: Key, through: int) -> None:
    """Drop what waited up to a sequence, and the parking itself once nothing waits any more."""
    service, name = key
    of_key = {"consumer": consumer, "service": service, "key": name}
    session.execute(sa.delete(parked_event).filter_by(**of_key).where(parked_event.c.sequence <= through))
    if session.scalar(sa.select(sa.func.count()).select_from(parked_event).filter_by(**of_key)) == 0:
        session.execute(sa.delete(parked_key).filter_by(**of_key))


def take_over(session: orm.Session, consumer: str, of_other: str, key: Key) -> None:
    """Let a consumer have come as far with a key as another has, and nothing wait behind it up to there."""
    service, name = key
    where: dict[str, Value] = {"consumer": of_other, "service": service, "key": name}
    found = session.execute(sa.select(inbox.c.movement, inbox.c.sequence).filter_by(**where)).first()
    if found is not None:
        row = where | {"consumer": consumer, "movement": found.movement, "sequence": found.sequence}
        _reach[of(session).dialect.name].many(session, [row])
        release(session, consumer, key, found.sequence)


def forget(session: orm.Session, consumer: str) -> bool:
    """Have a consumer have read nothing, a slice of its keys at a time; answers whether there is more to forget."""
    some = sa.select(inbox.c.service, inbox.c.key).where(inbox.c.consumer == consumer).limit(_FORGOTTEN_AT_ONCE)
    session.execute(
        sa.delete(inbox).where(inbox.c.consumer == consumer, sa.tuple_(inbox.c.service, inbox.c.key).in_(some))
    )
    for table in (parked_event, parked_key, consumer_cursor):
        session.execute(sa.delete(table).where(table.c.consumer == consumer))
    return session.scalar(sa.select(inbox.c.key).where(inbox.c.consumer == consumer).limit(1)) is not None


def parked(session: orm.Session, consumer: str) -> Sequence[Parked]:
    """Every parked key of the consumer, oldest first, with what waits behind it."""
    behind = (
        sa.select(sa.func.count())
        .select_from(parked_event)
        .where(parked_event.c.consumer == parked_key.c.consumer)
        .where(parked_event.c.service == parked_key.c.service)
        .where(parked_event.c.key == parked_key.c.key)
        .scalar_subquery()
    )
    c = parked_key.c
    statement = (
        sa.select(c.service, c.key, c.reason, c.detail, c.parked_at, behind)
        .where(c.consumer == consumer)
        .order_by(c.parked_at)
    )
    return [
        Parked(service, key, reason, detail, parked_at, waiting)
        for service, key, reason, detail, parked_at, waiting in session.execute(statement)
    ]
