"""Which events were queued for an endpoint, and what became of each."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.feed.models import FeedItem
from services.gateway.webhooks.models import Delivery
from shared.db.hot import Value, hot

_AT_ONCE = 5_000

_queued = hot(
    sa.select(Delivery.position, FeedItem.event_id, Delivery.status)
    .join(FeedItem, (FeedItem.movement == Delivery.movement) & (FeedItem.position == Delivery.position))
    .where(Delivery.movement == sa.bindparam("movement"), Delivery.endpoint == sa.bindparam("endpoint"))
    .where(Delivery.position > sa.bindparam("after"), Delivery.position <= sa.bindparam("through"))
    .order_by(Delivery.position)
)


class Sent(NamedTuple):
    """One delivery of an event; an event that was sent again has several, one behind the other."""

    position: int
    event: str
    status: str


def queued(session: orm.Session, movement: str, endpoint: str, after: int, through: int) -> Iterator[Sent]:
    """The deliveries of events with after < position ≤ through, in the order of the feed, read part by part."""
    for begins in range(after, through, _AT_ONCE):
        ends = min(begins + _AT_ONCE, through)
        place: Mapping[str, Value] = {"movement": movement, "endpoint": endpoint, "after": begins, "through": ends}
        for row in _queued.rows(session, place):
            yield Sent(*row)
