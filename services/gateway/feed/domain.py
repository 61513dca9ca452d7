"""The feed's rules: what enters it, in which order, and how it is read from a position on."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import orm

from services.gateway.agreements.employers import without_own_staff
from services.gateway.agreements.sharing import without_withheld
from services.gateway.feed import store
from services.gateway.feed.cloudevents import CloudEvent, Item, cloud_event
from services.gateway.feed.filters import Filter, known_types
from shared import clock
from shared.db.types import microseconds
from shared.errors import AppError
from shared.events.base import Received

WINDOW = 10_000
"""Positions that one read looks through: a filter that matches next to nothing costs no more than that."""


class CursorExpired(AppError):
    """The feed does not have what comes behind a cursor: it is cut off before it, or was restored from before it."""

    status, code, title = 410, "cursor_expired", "The feed does not have what comes behind this cursor any more"


@dataclass(frozen=True, slots=True)
class Page:
    """Part of the feed: its events and their positions, the one to go on from, and whether more is there already."""

    events: Sequence[CloudEvent]
    positions: Sequence[int]
    reached: int
    more: bool


def publish(session: orm.Session, movement: str, received: Sequence[Received]) -> list[Item]:
    """Append events of one movement to its feed, in the order given.

    Whoever appends for several movements takes them in sorted order: heads are locked, and must not be in a circle.
    """
    position = store.take_positions(session, movement, len(received))
    now = microseconds(clock.now())
    items = [_item(event, number, now) for number, event in enumerate(received, position)]
    store.append(session, items)
    return items


def read(
    session: orm.Session, movement: str, after: int, wanted: Filter, limit: int, organisation: str | None = None
) -> Page:
    """The next events after a position that match, at most `limit`, from the next WINDOW positions.

    An organisation is not shown whether its own staff came, or what is about somebody who said stop. Raises
    CursorExpired where events behind the position are gone, or where there never were as many.
    """
    head = store.head(session, movement)
    if after > head or (after and after + 1 < store.first(session, movement)):
        raise CursorExpired
    through = min(after + WINDOW, head)
    found = store.matching(session, movement, after, through, types_of(wanted), limit)
    items = without_own_staff(session, movement, organisation, [item for item, _ in found])
    items = without_withheld(session, movement, organisation, None, items)
    before = {item.position: sequences for item, sequences in found}
    events = [cloud_event(item, store.previous_of(wanted, item, before[item.position])) for item in items]
    reached = found[-1][0].position if len(found) == limit else max(after, through)
    return Page(events, [item.position for item in items], reached, more=reached < head)


def position_at(session: orm.Session, movement: str, moment: datetime) -> int:
    """The last position that entered the feed before a moment; 0 where there is none."""
    positions = range(1, store.head(session, movement) + 1)
    at = microseconds(moment)
    return bisect_left(positions, at, key=lambda position: store.recorded_at(session, movement, position))


@lru_cache(maxsize=4096)
def types_of(wanted: Filter) -> Sequence[str] | None:
    """The types that a filter wants, one by one; None where it wants all."""
    return None if wanted.everything else tuple(filter(wanted.wants, known_types()))


def _item(event: Received, position: int, now: int) -> Item:
    return Item(
        movement=event.movement,
        position=position,
        event_id=event.id,
        type=event.type,
        service=event.service,
        key=event.key,
        sequence=event.sequence,
        actor=event.actor,
        causation=event.causation,
        origin=event.origin,
        traceparent=event.traceparent,
        occurred_at=microseconds(event.time),
        recorded_at=now,
        payload=event.payload,
    )
