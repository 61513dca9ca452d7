"""A lane: the deliveries of one endpoint that this process holds, and when the next of them may begin.

Each endpoint has its own, so that a dead one slows no other. How many are under way at once follows from what comes
back: a failure halves it, a success adds one. An endpoint that only fails rests, gets one delivery as a probe, and
rests twice as long where that fails too: what waits for it uses up no attempts, and no memory. Of several processes
each has its part of what its owner wants at most, and they rest together (see `processes`).
"""

import time
from collections import deque
from collections.abc import Iterable, Sequence

from services.gateway.webhooks.models import IN_FLIGHT
from services.gateway.webhooks.processes import Peers
from services.gateway.webhooks.queue import Destination, Leased
from services.gateway.webhooks.signing import Key
from shared import clock

HELD = 2000
"""Deliveries of one endpoint that a process holds in memory; the others wait in the database."""
HELD_BY_ALL, LEAST_HELD = 10_000, 8
"""Of all endpoints together; beyond that each gets the fewest that keep it busy."""
AT_FIRST = 2
"""Requests under way at once to an endpoint of which nothing is known: thousands that hang must cost little."""
RESTS_AFTER = 10
"""Failures in a row after which an endpoint rests."""
_SECOND = 1_000_000
_FIRST_REST, LONGEST_REST = 5 * _SECOND, 300 * _SECOND
"""Microseconds: never as long as a delivery's own wait from its second failure on (see `schedule`)."""


class Load:
    """How many deliveries a process holds, of all endpoints."""

    __slots__ = ("held",)

    def __init__(self) -> None:
        self.held = 0


class Lane:
    """Deliveries to one endpoint. `started` counts the tasks that send them."""

    __slots__ = (
        "_at_once", "_failures", "_in_flight", "_load", "_more", "_next_at", "_peers", "_per_second", "_probed",
        "_rest", "_told", "destination", "keys", "paced", "rests_until", "started", "waiting",
    )  # fmt: skip

    def __init__(self, keys: Sequence[Key], load: Load) -> None:
        self.keys = keys
        self.waiting: deque[Leased] = deque()
        self.started = 0
        self.rests_until = 0
        """When the next request may be sent, in microseconds since 1970."""
        self.paced = False
        """Whether somebody will begin again as soon as the endpoint's pace allows."""
        self._load = load
        self._at_once = AT_FIRST
        self._failures, self._rest = 0, _FIRST_REST
        self._next_at = 0.0
        self._more = False
        self._probed = self._told = False

    def learn(self, destination: Destination, peers: Peers) -> None:
        """Go by what is newest known of the endpoint, and of who else sends to it."""
        self.destination = destination
        self.take_part(peers)
        if peers.living > 1:
            self._rest_with_others(destination)

    def take_part(self, peers: Peers) -> None:
        """Keep to this process's part of what the endpoint's owner wants at most."""
        to, self._peers = self.destination, peers
        is_limited = to.in_flight < IN_FLIGHT or to.per_second is not None
        self._in_flight = peers.part(to.in_flight, to.id)
        self._per_second = None if to.per_second is None else peers.part(to.per_second, to.id)
        if self._per_second == 0 or (is_limited and not peers.known):
            self._in_flight = 0

    def rested(self) -> None:
        """Note that the others were told of its rest: from now on what they tell holds."""
        self._told = True

    def room(self, granted: int = 0) -> int:
        """How many more it would hold, beside those `granted` to any lane and not yet there."""
        if self.closed:
            return 0
        if self.failing:  # the probe
            return max(0, self._peers.probes(self.destination.id) - self.started - len(self.waiting))
        return room_for(len(self.waiting), self._load.held + granted)

    @property
    def failing(self) -> bool:
        """Whether it has only failed for so long that it gets no more than a probe."""
        return self._failures >= RESTS_AFTER or self._probed

    @property
    def closed(self) -> bool:
        """Whether this process sends nothing at present: it rests, or all that it bears is others' part."""
        return self.resting or not self._in_flight

    @property
    def resting(self) -> bool:
        """Whether nothing is sent at present."""
        return _now() < self.rests_until

    def add(self, leased: Sequence[Leased], more: bool) -> None:
        """Hold these; `more` wait in the database for room."""
        self.waiting.extend(leased)
        self._load.held += len(leased)
        self._more = self._more or more

    def wants_more(self) -> bool:
        """Whether what found no room before should be fetched now. True once each time."""
        if not self._more or len(self.waiting) > HELD // 2 or not self.room():
            return False
        self._more = False
        return True

    @property
    def bears_more(self) -> bool:
        """Whether one more may be under way."""
        return self.started < self._most

    @property
    def _most(self) -> int:
        return min(self._at_once, self._in_flight)

    def begin(self) -> Leased | None:
        """The delivery for one more task; None where there is nothing to send, or enough is under way."""
        if not self.bears_more or (delivery := self._take()) is None:
            return None
        self.started += 1
        return delivery

    def next(self) -> Leased | None:
        """The next delivery for a task that has sent one; None when the task should end."""
        if self.started > self._most or (delivery := self._take()) is None:
            self.started -= 1
            return None
        return delivery

    def seconds_to_pace(self) -> float:
        """In how long its pace allows the next request; 0 where it does already."""
        return max(0.0, self._next_at - time.monotonic()) if self.waiting else 0.0

    def note(self, success: bool, asked_for: int | None = None) -> bool:
        """Learn from an attempt how many the endpoint bears, and whether it rests; `asked_for` is its own wish.

        True where what waits is to be given back: it rests from now on.
        """
        if success:
            self._at_once = min(self.destination.in_flight, self._at_once + 1)
            self._well_again()
            return False
        rested = self.resting
        self._at_once = max(1, self._at_once // 2)
        self._failures += 1
        if asked_for is not None:
            self.rests_until = max(self.rests_until, _now() + min(asked_for, LONGEST_REST))
        if self.failing and not rested:  # one that was under way as the rest began says nothing new
            self.rests_until = max(self.rests_until, _now() + self._rest)
            self._rest = min(2 * self._rest, LONGEST_REST)
        return self.resting

    def empty(self) -> Sequence[Leased]:
        """Take back what waits, to be given to others."""
        taken = list(self.waiting)
        self.waiting.clear()
        self._load.held -= len(taken)
        return taken

    def _well_again(self) -> None:
        self._failures, self._rest, self._probed = 0, _FIRST_REST, False

    def _rest_with_others(self, destination: Destination) -> None:
        """Rest where another process found that it should; and begin again where another found it well."""
        if self._told and not destination.probed and self.failing:
            self._well_again()
            self.rests_until = 0
        self._probed = self._told = destination.probed
        self.rests_until = max(self.rests_until, destination.rests_until or 0)

    def _take(self) -> Leased | None:
        """The next that may be sent now."""
        if not self.waiting or not self._in_flight:
            return None
        now = _now()
        # Where the agreement that covered what is sent has expired, what waits is given back by the next look.
        if now < self.rests_until or not self.destination.may_be_sent(now):
            return None
        if (pace := self._per_second) is not None:
            if (moment := time.monotonic()) < self._next_at:
                return None
            self._next_at = moment + 1 / pace
        self._load.held -= 1
        return self.waiting.popleft()


def room_for(waiting: int, held_by_all: int) -> int:
    """How many more a lane may hold that holds so many already, of so many in all lanes."""
    return max(0, min(HELD - waiting, max(HELD_BY_ALL - held_by_all, LEAST_HELD - waiting)))


def earliest(lanes: Iterable[Lane]) -> int | None:
    """When the first of those that rest has rested, in microseconds since 1970."""
    return min((lane.rests_until for lane in lanes if lane.resting), default=None)


def _now() -> int:
    return clock.milliseconds() * 1000
