"""Fan-out: from new feed items to deliveries, in the transaction that appends the items.

What an item concerns and what is to be sent are therefore never at odds: there is no moment at which an event is in the
feed and its deliveries are not.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from sqlalchemy import orm

from services.gateway.feed import store
from services.gateway.feed.cloudevents import Item
from services.gateway.webhooks import queue, recovery, withheld
from services.gateway.webhooks.queue import Destination, Handed, Queued
from services.gateway.webhooks.wanting import Wanted, previous
from shared import clock
from shared.db.hot import Value
from shared.db.types import microseconds
from shared.events.gateway import WebhookEndpointTested


class Holder(Protocol):
    """Who sends: the process that takes new deliveries at once, as many of an endpoint as it has room for."""

    @property
    def worker(self) -> str | None:
        """The process's name in leases; None while it sends nothing."""

    def room(self, endpoint: str, granted: int) -> int:
        """How many more deliveries of an endpoint it would hold now, beside those `granted` and not yet taken."""


def fan_out(session: orm.Session, movement: str, items: Sequence[Item], holder: Holder) -> Sequence[Handed]:
    """Queue a delivery of each item to each endpoint that wants it; answers those leased to the holder already.

    What the holder has no room for waits in the queue, and so does what is for a paused endpoint.
    """
    now = microseconds(clock.now())
    wanted = [
        (endpoint, _not_recovered(session, endpoint, withheld.allowed(session, endpoint, _wanted_by(endpoint, items))))
        for endpoint in queue.subscribed(session, movement, now)
    ]
    wanted = [(endpoint, matched) for endpoint, matched in wanted if matched]
    if not wanted:
        return ()
    before = _before(session, movement, items, [endpoint for endpoint, _ in wanted])
    handed: list[Handed] = []
    rows: list[Mapping[str, Value]] = []
    granted = 0
    for endpoint, matched in wanted:
        worker = holder.worker if endpoint.enabled else None
        room = holder.room(endpoint.id, granted) if worker is not None else 0
        deliveries = _deliveries(session, endpoint, matched, before)
        theirs, queued = queue.arranged(session, endpoint, deliveries, now, worker=worker, room=room)
        handed.append(theirs)
        rows += queued
        granted += len(theirs.leased)
    queue.insert(session, rows)
    return handed


def _deliveries(
    session: orm.Session, endpoint: Destination, matched: Sequence[Item], before: Mapping[int, Mapping[str, int]]
) -> Iterator[Queued]:
    wanted = endpoint.wanted
    for item in matched:
        yield Queued(item, _previous(session, wanted, item, before.get(item.position, {})))


def _previous(session: orm.Session, wanted: Wanted, item: Item, before: Mapping[str, int]) -> int | None:
    """The last one before of the same subject that is wanted: by types it is known already, for one and all."""
    if wanted.payload_filter is None:
        return store.previous_of(wanted.by_type, item, before)
    return previous(session, wanted, item)


def _wanted_by(endpoint: Destination, items: Sequence[Item]) -> list[Item]:
    """What matches its filter; and a test of this very endpoint, whatever it takes."""
    wanted = endpoint.wanted
    is_wanted = wanted.by_type.wants
    return [item for item in items if (is_wanted(item.type) and wanted.takes(item)) or _tests(item, endpoint)]


def _not_recovered(session: orm.Session, endpoint: Destination, matched: Sequence[Item]) -> Sequence[Item]:
    """What a recovery of the endpoint is not to queue in its turn: behind what it brings, where order counts."""
    if not matched or endpoint.ordering == "parallel":
        return matched
    if not recovery.takes_along(session, endpoint, matched[-1].position):
        return matched
    return [item for item in matched if _tests(item, endpoint)]


def _tests(item: Item, endpoint: Destination) -> bool:
    return item.key == endpoint.id and item.type == WebhookEndpointTested.event_type


def _before(
    session: orm.Session, movement: str, items: Sequence[Item], endpoints: Sequence[Destination]
) -> Mapping[int, Mapping[str, int]]:
    """By position: of each type that a filter picks out, the last sequence of the item's key before it."""
    picked: set[str] = set()
    for endpoint in endpoints:
        if endpoint.payload_filter is None:
            picked.update(endpoint.wanted.listed or ())
    first, last = items[0].position, items[-1].position
    found = store.matching(session, movement, first - 1, last, sorted(picked), len(items))
    return {item.position: before for item, before in found}
