"""A lane: the deliveries of one endpoint that this process holds, and how many of them are under way at once.

Each endpoint has its own, so that a dead one slows no other. A failure halves how many are under way, a success adds
one: an endpoint that is down is knocked at by one request at a time.
"""

from collections import deque
from collections.abc import Iterable, Sequence

from services.gateway.webhooks.queue import Destination, Leased
from services.gateway.webhooks.signing import Key
from shared import clock

AT_ONCE = 16
HELD = 2000
"""Deliveries of one endpoint that a process holds in memory; the others wait in the database."""


def room_in(lane: "Lane | None") -> int:
    """How many more deliveries a lane would hold; None is one that is not there yet."""
    return HELD if lane is None else max(0, HELD - len(lane.waiting))


class Lane:
    """Deliveries to one endpoint. `started` counts the tasks that send them."""

    __slots__ = ("_at_once", "_more", "destination", "keys", "started", "waiting")

    def __init__(self, destination: Destination, keys: Sequence[Key]) -> None:
        self.destination = destination
        self.keys = keys
        self.waiting: deque[Leased] = deque()
        self.started = 0
        self._at_once = AT_ONCE
        self._more = False

    def add(self, leased: Iterable[Leased], more: bool) -> None:
        """Hold these; `more` wait in the database for room."""
        self.waiting.extend(leased)
        self._more = self._more or more

    def wants_more(self) -> bool:
        """Whether what found no room before should be fetched now. True once each time."""
        if not self._more or len(self.waiting) > HELD // 2:
            return False
        self._more = False
        return True

    def begin(self) -> Leased | None:
        """The delivery for one more task; None where there is nothing to send, or enough is under way."""
        if not self.waiting or self._covered_no_more() or self.started >= self._at_once:
            return None
        self.started += 1
        return self.waiting.popleft()

    def next(self) -> Leased | None:
        """The next delivery for a task that has sent one; None when the task should end."""
        if not self.waiting or self._covered_no_more() or self.started > self._at_once:
            self.started -= 1
            return None
        return self.waiting.popleft()

    def note(self, success: bool) -> None:
        """Learn from an attempt how many the endpoint bears."""
        self._at_once = min(AT_ONCE, self._at_once + 1) if success else max(1, self._at_once // 2)

    def empty(self) -> Sequence[Leased]:
        """Take back what waits, to be given to others."""
        taken = list(self.waiting)
        self.waiting.clear()
        return taken

    def _covered_no_more(self) -> bool:
        """Whether the agreement that covered what is sent has expired: what waits is given back by the next look."""
        return not self.destination.may_be_sent(clock.milliseconds() * 1000)
