"""Applying a batch off the log in one transaction: cursor, inbox, effects and parking, all or none of them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import orm

from shared.bus.records import Record
from shared.consumer import inbox
from shared.consumer.inbox import GAP, POISON, Key
from shared.db import Context
from shared.db.session import of
from shared.events.base import Event, Received
from shared.events.envelope import received

Loaded = Mapping[tuple[str, int], int]
"""The position from which each partition was read; a partition that was never read has none."""

Apply = Callable[[orm.Session, Sequence[Received]], None]
Handler = Callable[[Any, Received, Any], None]
"""One service's reaction to one type of event: ``(session, received, event)``."""

Handlers = Mapping[type[Event], Handler]
"""A service's reactions: one short function an event. The session's context is the event's while it runs."""


def each(handlers: Handlers) -> Apply:
    """Apply events one by one with the handler of their type; a type without one only advances the inbox."""
    by_type = {event.event_type: (event, handler) for event, handler in handlers.items()}

    def apply(session: orm.Session, events: Sequence[Received]) -> None:
        ours = of(session)
        for event in events:
            found = by_type.get(event.type)
            if found is not None:
                event_class, handler = found
                ours.context = Context(event.movement, event.actor, event.id, event.origin, event.traceparent)
                handler(session, event, event.decode(event_class))

    return apply


@dataclass(slots=True)
class Plan:
    """What a batch amounts to for one consumer: events to apply, in order, and events that must wait."""

    reached: dict[Key, int]
    parked: dict[Key, str]
    events: list[Received] = field(default_factory=list)
    newly_parked: list[Key] = field(default_factory=list)


def apply_batch(session: orm.Session, consumer: str, records: Sequence[Record], loaded: Loaded, apply: Apply) -> Plan:
    """Apply records as one: the cursor moves, effects happen and the inbox advances together, or nothing does.

    ``loaded`` is the position from which each partition was read. Raises what a handler raises, and Zombie.
    """
    _move_cursors(session, consumer, records, loaded)
    events = [(received(record.headers, record.value), record) for record in records]
    keys = {(event.service, event.key) for event, _ in events}
    plan = Plan(inbox.sequences(session, consumer, keys), inbox.parked_among(session, consumer))
    for event, record in events:
        _place(session, consumer, plan, event, record)
    if plan.events:
        apply(session, plan.events)
    inbox.reach(session, consumer, plan.events)
    return plan


def park_record(session: orm.Session, consumer: str, record: Record, loaded: Loaded, error: str) -> Key:
    """Set aside the key of a record whose handler failed, and go on past it."""
    _move_cursors(session, consumer, [record], loaded)
    event = received(record.headers, record.value)
    key = (event.service, event.key)
    if key not in inbox.parked_among(session, consumer):
        inbox.park(session, consumer, event, POISON, f"{event.type}: {error}")
    inbox.wait_behind(session, consumer, event, record.headers)
    return key


def skip_record(session: orm.Session, consumer: str, record: Record, loaded: Loaded) -> None:
    """Go on past a record that is no event at all: it has no key to park."""
    _move_cursors(session, consumer, [record], loaded)


def is_event(record: Record) -> bool:
    """Whether the record says what event it is, of which key, and where in that key's order."""
    try:
        received(record.headers, record.value)
    except ValueError:
        return False
    return True


def redrive(session: orm.Session, consumer: str, key: Key, apply: Apply) -> int:
    """Apply what waits behind a parked key, in order, up to a gap; answers how many. Raises what a handler raises."""
    last = inbox.sequences(session, consumer, [key])[key]
    ready: list[Received] = []
    for event in inbox.waiting(session, consumer, key):
        if event.sequence == last + 1:
            ready.append(event)
            last = event.sequence
    if ready:
        apply(session, ready)
        inbox.reach(session, consumer, ready)
    inbox.release(session, consumer, key, last)
    return len(ready)


def _place(session: orm.Session, consumer: str, plan: Plan, event: Received, record: Record) -> None:
    """Decide for one event: seen before, next in line, or one that must wait."""
    key = (event.service, event.key)
    last = plan.reached[key]
    if event.sequence <= last:
        return
    reason = plan.parked.get(key)
    if event.sequence == last + 1 and reason != POISON:
        plan.events.append(event)
        plan.reached[key] = event.sequence
        if reason == GAP:
            _close_gap(session, consumer, plan, key)
        return
    if reason is None:
        inbox.park(session, consumer, event, GAP, f"{event.type}: {event.sequence} came after {last}")
        plan.parked[key] = GAP
        plan.newly_parked.append(key)
    inbox.wait_behind(session, consumer, event, record.headers)


def _close_gap(session: orm.Session, consumer: str, plan: Plan, key: Key) -> None:
    """The missing event has come: what waited behind the gap follows it, as far as it goes."""
    for event in inbox.waiting(session, consumer, key):
        if event.sequence == plan.reached[key] + 1:
            plan.events.append(event)
            plan.reached[key] = event.sequence
    inbox.release(session, consumer, key, plan.reached[key])
    if key not in inbox.parked_among(session, consumer):
        del plan.parked[key]


def _move_cursors(session: orm.Session, consumer: str, records: Sequence[Record], loaded: Loaded) -> None:
    ends = {(record.topic, record.partition): record.offset + 1 for record in records}
    for partition in sorted(ends):
        inbox.advance(session, consumer, partition, loaded.get(partition), ends[partition])
