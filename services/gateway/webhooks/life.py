"""One life of the sender: from its start to its end, what a process holds of the queue and knows of the endpoints."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import structlog

from services.gateway.webhooks import queue, signing
from services.gateway.webhooks.lanes import Lane, Load, room_for
from services.gateway.webhooks.queue import Destination, Leased
from services.gateway.webhooks.recording import Recording
from services.gateway.webhooks.signing import Key
from shared import clock
from shared.db import Database, Session, after_commit
from shared.parts import Parts
from shared.secrets import Secrets, Unreadable

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Life:
    """What the sender works with, what it holds, and what its next look at the database is to do.

    `returned` is to be given back, `refill` has endpoints whose lanes are to be filled at once; all endpoints are
    looked at by `look_at`, in seconds of the loop's clock.
    """

    parts: Parts
    recording: Recording
    load: Load = field(default_factory=Load)
    lanes: dict[str, Lane] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    returned: list[Leased] = field(default_factory=list)
    refill: set[str] = field(default_factory=set)
    look_at: float = 0.0
    beat_at: float = 0.0

    @property
    def db(self) -> Database:
        """Where what is sent is kept."""
        return self.parts.db

    def room(self, endpoint: str, granted: int) -> int:
        """How many more deliveries of an endpoint it would hold, beside those `granted` and not yet taken."""
        lane = self.lanes.get(endpoint)
        return room_for(0, self.load.held + granted) if lane is None else lane.room(granted)

    def lane(self, destination: Destination) -> Lane:
        """The endpoint's lane, with what is newest known of the endpoint."""
        lane = self.lanes.get(destination.id)
        if lane is None:
            lane = self.lanes[destination.id] = Lane(destination, _keys(self.parts.secrets, destination), self.load)
        elif lane.destination.secrets != destination.secrets:
            lane.keys = _keys(self.parts.secrets, destination)
        lane.destination = destination
        return lane

    def let_go(self) -> None:
        """Forget what waits here."""
        self.returned.clear()
        for lane in self.lanes.values():
            lane.empty()


def say_alive(session: Session, life: Life) -> None:
    """Renew the process's lease. Where it had run out others have what it held, and it forgets that."""
    known = queue.beat(session, life.db.owner, int(clock.timestamp() * 1e6))
    if not known:
        after_commit(session, life.let_go)  # before anything that a later commit hands over


def _keys(secrets: Secrets, destination: Destination) -> Sequence[Key]:
    """The endpoint's signing keys; none where they cannot be read, and then its attempts fail and say so."""
    try:
        return signing.unseal(secrets, destination.movement, destination.id, destination.secrets)
    except Unreadable:
        log.error("webhook_secret_unreadable", endpoint=destination.id)
        return ()
