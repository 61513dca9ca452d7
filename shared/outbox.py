"""The outbox: what a verb records is inserted with its change and numbered, gap-free for each key, just before commit.

Numbers are taken at the very end and in sorted order, so that the rows they lock are held for the shortest time and
two transactions never wait for each other in a circle.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from shared import clock
from shared.db import Context, Session, after_commit, before_commit
from shared.db.hot import Hot, Value, hot
from shared.db.infrastructure import outbox, outbox_sequence
from shared.db.session import of
from shared.events.base import Event
from shared.ids import new_id

HELD = 2**62
"""Stands where the moment of publication does, of an event that waits: neither unpublished nor ever old."""

_encode = msgspec.json.Encoder().encode

_insert = hot(sa.insert(outbox).inline().values({c.name: sa.bindparam(c.name) for c in outbox.c if c.name != "id"}))


def _take_with(insert: type[sqlite.Insert] | type[postgresql.Insert]) -> Hot:
    statement = insert(outbox_sequence)
    further = {"last": outbox_sequence.c.last + statement.excluded.last}
    taking = statement.on_conflict_do_update(index_elements=["key"], set_=further)
    return hot(taking.returning(outbox_sequence.c.key, outbox_sequence.c.last), distinct=True)


_taking = {"sqlite": _take_with(sqlite.Insert), "postgresql": _take_with(postgresql.Insert)}


class NoMovement(RuntimeError):
    """An event was recorded outside any movement; every event belongs to one."""


def record(session: orm.Session, event: Event) -> None:
    """Publish ``event`` if, and only if, this transaction commits."""
    ours = of(session)
    if not ours.context.movement:
        raise NoMovement(event.event_type)
    recorded: list[tuple[Event, Context]] | None = ours.info.get("recorded")
    if recorded is None:
        recorded = ours.info["recorded"] = []
        before_commit(ours, _number_the_rest)
    recorded.append((event, ours.context))


def number(session: orm.Session) -> list[str]:
    """Number and insert what has been recorded so far; answers positions, ``service/key@sequence``, the last a key.

    A caller that must store its positions calls this last of all; otherwise it happens by itself before the commit.
    """
    ours = of(session)
    by_key: dict[str, list[tuple[Event, Context]]] = defaultdict(list)
    for event, context in ours.info.pop("recorded", ()):
        by_key[event.subject].append((event, context))
    if not by_key:
        return []
    positions: list[str] = []
    rows: list[Mapping[str, Value]] = []
    last = _take(ours, by_key)
    published_at = HELD if ours.info.get("held") else None
    for key, events in by_key.items():
        first = last[key] - len(events) + 1
        rows += [_row(event, context, n, published_at) for n, (event, context) in enumerate(events, first)]
        positions.append(f"{events[0][0].event_service}/{key}@{last[key]}")
    _insert.many(ours, rows)
    if published_at is None:
        after_commit(ours, ours.on_publish)
    return positions


def hold(session: orm.Session) -> None:
    """Number and store what this transaction records, and publish nothing of it before :func:`release`."""
    of(session).info["held"] = True


def release(session: orm.Session, keys: Collection[str]) -> None:
    """Publish, after the commit, what is held of these keys."""
    ours = of(session)
    held = sa.update(outbox).where(outbox.c.key.in_(keys), outbox.c.published_at == HELD)
    ours.execute(held.values(published_at=None))
    after_commit(ours, ours.on_publish)


def withdraw(session: orm.Session, keys: Collection[str]) -> None:
    """Forget what is held of these keys, and the keys themselves: nothing of them was ever published."""
    ours = of(session)
    ours.execute(sa.delete(outbox).where(outbox.c.key.in_(keys), outbox.c.published_at == HELD))
    ours.execute(sa.delete(outbox_sequence).where(outbox_sequence.c.key.in_(keys)))


def _number_the_rest(session: Session) -> None:
    number(session)


def _take(session: Session, by_key: Mapping[str, Sequence[object]]) -> Mapping[str, int]:
    """Take the next numbers of each key, in the order of the keys, and answer the last of each.

    The rows stay locked until commit, so nobody is numbered between.
    """
    wanted: list[Mapping[str, Value]] = [{"key": key, "last": len(by_key[key])} for key in sorted(by_key)]
    return dict(_taking[session.dialect.name].each(session, wanted))


def _row(
    event: Event, context: Context, sequence: int, published_at: int | None
) -> dict[str, str | int | bytes | None]:
    return {
        "event_id": new_id("evt"),
        "type": event.event_type,
        "key": event.subject,
        "sequence": sequence,
        "movement": context.movement,
        "actor": context.actor,
        "causation": context.causation,
        "origin": context.origin,
        "traceparent": context.traceparent,
        "occurred_at": clock.milliseconds(),
        "payload": _encode(event),
        "published_at": published_at,
    }
