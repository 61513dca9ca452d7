"""One life of the sender: from its start to its end, what a process holds of the queue and knows of the endpoints."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import structlog

from services.gateway.webhooks import processes, signing
from services.gateway.webhooks.lanes import Lane, Load, room_for
from services.gateway.webhooks.processes import Peers, Rest
from services.gateway.webhooks.queue import Destination, Leased
from services.gateway.webhooks.recording import Recording
from services.gateway.webhooks.signing import Key
from shared import clock
from shared.db import Database, Session, after_commit
from shared.parts import Parts
from shared.secrets import Secrets, Unreadable

_SECOND = 1_000_000

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Life:
    """What the sender works with, what it holds, and what its next look at the database is to do.

    `returned` is to be given back, `refill` has endpoints whose lanes are to be filled at once, `rests` is what the
    other processes are to be told; all endpoints are looked at by `look_at`, in seconds of the loop's clock. `joined`,
    in microseconds of real time, is since when it is among the processes that send.
    """

    parts: Parts
    recording: Recording
    load: Load = field(default_factory=Load)
    lanes: dict[str, Lane] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    returned: list[Leased] = field(default_factory=list)
    rests: dict[str, Rest] = field(default_factory=dict)
    peers: Peers = field(default_factory=Peers)
    joined: int = 0
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
            lane = self.lanes[destination.id] = Lane(_keys(self.parts.secrets, destination), self.load)
        elif lane.destination.secrets != destination.secrets:
            lane.keys = _keys(self.parts.secrets, destination)
        lane.learn(destination, self.peers)
        return lane

    def put_back(self, lane: Lane) -> None:
        """Have what waits in a lane given back, and the others told where it rests."""
        self.returned += lane.empty()
        if lane.resting and self.peers.living > 1:
            to = lane.destination
            self.rests[to.id] = Rest(to.movement, to.id, lane.rests_until, lane.failing)

    def join(self, peers: Peers, since: int) -> None:
        """Take this process's part among those that send."""
        self.joined = since
        if peers != self.peers:
            self.peers, self.look_at = peers, 0.0
            for lane in self.lanes.values():
                lane.take_part(peers)
                if lane.closed:
                    self.put_back(lane)

    def told(self, rests: Mapping[str, Rest]) -> None:
        """Note what the others know by now."""
        for endpoint, rest in rests.items():
            if self.rests.get(endpoint) == rest:
                del self.rests[endpoint]
            if endpoint in self.lanes:
                self.lanes[endpoint].rested()

    def let_go(self) -> None:
        """Forget what waits here."""
        self.returned.clear()
        for lane in self.lanes.values():
            lane.empty()


def say_alive(session: Session, life: Life) -> None:
    """Renew the process's lease. Where it had run out others have what it held, and it forgets that."""
    now = int(clock.timestamp() * 1e6)
    known = processes.beat(session, life.db.owner, now)
    if not known:
        after_commit(session, life.let_go)  # before anything that a later commit hands over
    # The others cannot know of it before this is committed.
    since = life.joined if known else now + _SECOND
    after_commit(session, partial(life.join, processes.peers(session, life.db.owner, since), since))


def _keys(secrets: Secrets, destination: Destination) -> Sequence[Key]:
    """The endpoint's signing keys; none where they cannot be read, and then its attempts fail and say so."""
    try:
        return signing.unseal(secrets, destination.movement, destination.id, destination.secrets)
    except Unreadable:
        log.error("webhook_secret_unreadable", endpoint=destination.id)
        return ()
