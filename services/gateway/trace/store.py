"""What the gateway itself knows of events: where they stand in the feed, and what became of their deliveries."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.feed.models import FeedItem
from services.gateway.webhooks.models import Attempt, Delivery
from shared.db.types import microseconds
from shared.tracing import MOST_WRITES, Written


class Delivered(NamedTuple):
    """A delivery of the event at a position, and how the attempts at it went."""

    delivery: Delivery
    attempts: Sequence[Attempt]


def of_key(session: orm.Session, movement: str, services: Collection[str], key: str) -> list[tuple[Written, str]]:
    """The latest events of an entity by the feed, which keeps them all; each with the service that recorded it."""
    query = sa.select(FeedItem).where(
        FeedItem.movement == movement, FeedItem.service.in_(services), FeedItem.key == key
    )
    rows = session.scalars(query.order_by(FeedItem.sequence.desc()).limit(MOST_WRITES))
    return [(_written(row), row.service) for row in rows]


def positions(session: orm.Session, movement: str, events: Collection[tuple[str, Written]]) -> dict[str, int]:
    """Where events, each given with its service, stand in the feed: those that have come, by id."""
    found = {}
    for service, each in events:
        place = session.scalar(
            sa.select(FeedItem.position).where(
                FeedItem.movement == movement,
                FeedItem.service == service,
                FeedItem.key == each.key,
                FeedItem.type == each.type,
                FeedItem.sequence == each.sequence,
            )
        )
        if place is not None:
            found[each.event] = place
    return found


def deliveries(session: orm.Session, movement: str, positions: Collection[int]) -> dict[int, list[Delivered]]:
    """The deliveries of the events at these positions, with their attempts, in order."""
    query = sa.select(Delivery).where(Delivery.movement == movement, Delivery.position.in_(positions))
    found: dict[int, list[Delivered]] = {}
    for delivery in session.scalars(query.order_by(Delivery.id)):
        attempts = sa.select(Attempt).where(Attempt.movement == movement, Attempt.delivery == delivery.id)
        tried = session.scalars(attempts.order_by(Attempt.id)).all()
        found.setdefault(delivery.position, []).append(Delivered(delivery, tried))
    return found


def _written(item: FeedItem) -> Written:
    published = microseconds(item.recorded_at) // 1000
    occurred = microseconds(item.occurred_at) // 1000
    return Written(
        item.event_id, item.type, item.key, item.sequence, item.actor, item.causation, item.traceparent, occurred,
        published,
    )  # fmt: skip
