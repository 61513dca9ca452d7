"""What an endpoint was to be sent, for a receiver that sees a gap, and receipts by which it sees that there is none."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Literal

from sqlalchemy import orm

from services.gateway.feed import domain as feed
from services.gateway.feed import store as feed_store
from services.gateway.feed.cloudevents import CloudEvent, cloud_event
from services.gateway.feed.domain import WINDOW
from services.gateway.feed.store import Slice
from services.gateway.webhooks import domain as endpoints
from services.gateway.webhooks import queue, wanting, withheld
from services.gateway.webhooks.completeness import store
from services.gateway.webhooks.completeness.store import Sent
from services.gateway.webhooks.stopping import refuse_to_show
from shared import clock
from shared.errors import Fault, Invalid

Period = Literal["hour", "day"]
_LENGTH = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
MOST_PERIODS = 31
_MODULUS = 2**256
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Missed:
    """Part of what was to be sent: the events, the position reached, and whether there is more behind it."""

    events: Sequence[CloudEvent]
    reached: int
    more: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a receiver asks for: events of a moment or later, or of one subject between two sequences, or both.

    `subject` is the service and the key; `sequences` are those before and behind the gap, which the receiver has.
    """

    since: datetime | None = None
    until: datetime | None = None
    subject: tuple[str, str] | None = None
    sequences: tuple[int, int | None] = (0, None)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What entered the feed for an endpoint in a period, from `since` to before `until`.

    `digest` is the sum, modulo 2^256, of SHA-256 of each event's id: it rolls on with each event in whatever order
    they come, and differs where one is missing. `closed`: nothing is added any more.
    """

    since: datetime
    until: datetime
    closed: bool
    count: int
    digest: str
    delivered: int
    waiting: int
    failed: int


def missed(
    session: orm.Session, movement: str, id_: str, organisation: str | None, asked: Asked, after: int | None, limit: int
) -> Missed:
    """What the endpoint's subscription, as it is now, wants of what was asked for; at most `limit` from a position on.

    Nothing from before the endpoint was made, and nothing that is withheld from it; `organisation` is the caller's.
    Raises NotCovered.
    """
    endpoint = endpoints.get(session, movement, id_)
    refuse_to_show(session, endpoint, endpoint.types, organisation)
    to = queue.destination(endpoint)
    head = feed_store.head(session, movement)
    first = 0 if asked.since is None else feed.position_at(session, movement, asked.since)
    start = max(endpoint.subscribed_after, first, after or 0)
    end = head if asked.until is None else feed.position_at(session, movement, asked.until)
    through = end if asked.subject is not None else min(end, start + WINDOW)
    above, below = asked.sequences
    part = Slice((start, through), asked.subject, (above, 2**62 if below is None else below - 1))
    found = feed_store.within(session, movement, part, to.wanted.listed, limit)
    items = withheld.allowed(session, to, [item for item in found if to.wanted.takes(item)])
    events = [cloud_event(item, wanting.previous(session, to.wanted, item)) for item in items]
    reached = found[-1].position if len(found) == limit else max(start, through)
    return Missed(events, reached, more=reached < end)


def receipts(
    session: orm.Session, movement: str, id_: str, since: datetime, until: datetime, period: Period
) -> list[Receipt]:
    """A receipt for each whole period (UTC) that has a part between two moments, the oldest first. Raises Invalid."""
    endpoints.get(session, movement, id_)
    bounds = list(_bounds(since, until, period))
    if len(bounds) - 1 > MOST_PERIODS:
        raise Invalid(faults=[Fault("?since", f"spans more than {MOST_PERIODS} periods", "too_many_periods")])
    positions = [feed.position_at(session, movement, bound) for bound in bounds]
    made = []
    for begins, ends, after, through in zip(bounds, bounds[1:], positions, positions[1:], strict=False):
        made.append(_receipt(begins, ends, store.queued(session, movement, id_, after, through)))
    return made


def digest(events: Iterable[str]) -> str:
    """The rolling digest of events by their ids: 64 hexadecimal digits, whatever the order."""
    return f"{sum(int.from_bytes(hashlib.sha256(one.encode()).digest()) for one in events) % _MODULUS:064x}"


def _receipt(begins: datetime, ends: datetime, sent: Iterator[Sent]) -> Receipt:
    fates: dict[str, set[str]] = {
        event: {one.status for one in group} for event, group in groupby(sent, lambda one: one.event)
    }
    known = {event: statuses for event, statuses in fates.items() if statuses != {"withheld"}}
    delivered = sum("succeeded" in statuses for statuses in known.values())
    failed = sum(statuses <= {"exhausted", "withheld"} for statuses in known.values())
    return Receipt(
        since=begins,
        until=ends,
        closed=ends <= clock.now(),
        count=len(known),
        digest=digest(known),
        delivered=delivered,
        waiting=len(known) - delivered - failed,
        failed=failed,
    )


def _bounds(since: datetime, until: datetime, period: Period) -> Iterator[datetime]:
    """The moments at which the periods begin and end; one period too many is enough to see that there are too many."""
    since, until = max(since, _BEGINNING), min(until, clock.now())  # and no other moment has any events
    if since > until:
        return
    at = since.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    if period == "day":
        at = at.replace(hour=0)
    yield at
    for _ in range(MOST_PERIODS + 1):
        if at >= until:
            return
        at += _LENGTH[period]
        yield at
