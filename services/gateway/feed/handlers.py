"""The consumer of every event: into the feed, and to the webhook endpoints that want it, in one transaction."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import orm

from services.gateway.feed import domain
from services.gateway.feed.arrivals import Arrivals
from services.gateway.feed.filters import SOURCES
from services.gateway.webhooks.fanout import fan_out
from services.gateway.webhooks.sender import Sender
from shared.db import after_commit
from shared.events.base import Received
from shared.parts import Subscribed

CONSUMER = "feed"


def subscribed(arrivals: Arrivals, sender: Sender) -> Subscribed:
    """The consumer that fills the feed. The commit wakes who waits for it, and hands the deliveries to the sender."""

    def on_batch(session: orm.Session, received: Sequence[Received]) -> None:
        by_movement: dict[str, list[Received]] = {}
        for event in received:
            by_movement.setdefault(event.movement, []).append(event)
        for movement in sorted(by_movement):  # each takes the lock of a head: always in the same order
            items = domain.publish(session, movement, by_movement[movement])
            handed = fan_out(session, movement, items, sender)
            after_commit(session, partial(sender.take, handed))
        after_commit(session, partial(arrivals.ring, by_movement))

    return Subscribed(CONSUMER, apply=on_batch, services=tuple(sorted(SOURCES)), prompt=True)
