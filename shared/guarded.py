"""A service behind a guard: what one that is slow, away or flapping may cost those who ask others.

- A bulkhead: so many requests at a time wait for one service; the next is refused at once, and not after its deadline.
- A breaker: after so many failures in a row nothing is asked for a moment; then one request tries (half-open), and its
  success lets the others through again. Nothing has to be started anew.
- A retry, once, of a request that may be repeated and that the service did not answer at all, out of a budget: when
  everything fails, repeating everything would double the load on what is down already.

The time that a request may take is its deadline, which the upstream itself keeps.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from shared.errors import DeadlinePassed, Unavailable
from shared.exchanges import Headers, Incoming, Onward, Passing, UpstreamResponse
from shared.upstream import Upstream

T = TypeVar("T")

IN_FLIGHT = 256
"""Requests that wait for one service at a time."""
FAILURES = 10
"""Failures in a row, timeouts among them, after which a service is not asked for a moment."""
OPEN_SECONDS = 0.5
"""That moment."""
BUDGET, EARNED = 10.0, 0.1
"""Repetitions that may be made at once, and how much of one each request earns: a tenth of the load at the most."""

_PAUSE_SECONDS = (0.02, 0.06)
_REPEATABLE = frozenset({"GET", "HEAD"})
_IDEMPOTENT = "idempotency-key"


class Guarded:
    """An upstream behind its guard. It is one itself, so that whoever asks sees no difference."""

    def __init__(self, name: str, upstream: Upstream, now: Callable[[], float] = time.monotonic) -> None:
        self._name = name
        self._upstream = upstream
        self._now = now
        self._waiting = 0
        self._failures = 0
        self._asked_again_at = 0.0
        self._trying = False
        self._budget = BUDGET

    async def request(
        self,
        method: str,
        path: str,
        *,
        headers: Headers = (),
        body: bytes | None = None,
        query: str = "",
        deadline: float | None = None,
    ) -> UpstreamResponse:
        # A whole answer needs no turn of its own: this is the path of every section of a composed read.
        self._earn()
        try:
            return await self._whole(method, path, headers, body, query, deadline)
        except Unavailable as error:
            await self._before_another(error, _may_repeat(method, headers), deadline)
            return await self._whole(method, path, headers, body, query, deadline)

    async def pass_on(
        self,
        method: str,
        path: str,
        passing: Passing,
        *,
        headers: Headers = (),
        body: bytes | Incoming | None = None,
        query: str = "",
        deadline: float | None = None,
    ) -> UpstreamResponse | None:
        async def ask(turn: "_Turn") -> UpstreamResponse | None:
            turn.onward = passing.onward
            return await self._upstream.pass_on(
                method, path, Passing(turn, passing.idle), headers=headers, body=body, query=query, deadline=deadline
            )

        return await self._asked(ask, not isinstance(body, Incoming) and _may_repeat(method, headers), deadline)

    async def close(self) -> None:
        await self._upstream.close()

    async def _asked(self, ask: Callable[["_Turn"], Awaitable[T]], repeatable: bool, deadline: float | None) -> T:
        self._earn()
        try:
            return await self._once(ask)
        except Unavailable as error:
            await self._before_another(error, repeatable, deadline)
            return await self._once(ask)

    def _earn(self) -> None:
        self._budget = min(BUDGET, self._budget + EARNED)

    async def _before_another(self, error: Unavailable, repeatable: bool, deadline: float | None) -> None:
        """Wait a moment, and take another attempt out of the budget. Raises the error where there is none to take."""
        pause = random.uniform(*_PAUSE_SECONDS)
        late = deadline is not None and time.time() + pause >= deadline
        if isinstance(error, _NotAsked | _BrokenOff) or not repeatable or late or self._budget < 1:
            raise error
        self._budget -= 1
        await asyncio.sleep(pause)

    async def _whole(
        self, method: str, path: str, headers: Headers, body: bytes | None, query: str, deadline: float | None
    ) -> UpstreamResponse:
        self._enter()
        failed = False
        try:
            return await self._upstream.request(
                method, path, headers=headers, body=body, query=query, deadline=deadline
            )
        except (Unavailable, DeadlinePassed):
            failed = True
            raise
        finally:
            self.leave(failed=failed)

    async def _once(self, ask: Callable[["_Turn"], Awaitable[T]]) -> T:
        self._enter()
        turn = _Turn(self)
        try:
            answer = await ask(turn)
        except (Unavailable, DeadlinePassed) as error:
            begun = turn.settled
            turn.settle(failed=True)
            if begun and isinstance(error, Unavailable):
                raise _BrokenOff(error.detail) from None
            raise
        except BaseException:  # not the service's fault: whoever asked went away, or does not take the answer
            turn.settle(failed=False)
            raise
        turn.settle(failed=False)
        return answer

    def _enter(self) -> None:
        """Take a place among those who wait for the service. Raises Unavailable where there is none."""
        if self._waiting >= IN_FLIGHT:
            raise _NotAsked(f"{self._name} has as many requests as it can take")
        if self._failures >= FAILURES:
            if self._trying or self._now() < self._asked_again_at:
                raise _NotAsked(f"{self._name} does not answer; it is asked again in a moment")
            self._trying = True
        self._waiting += 1

    def leave(self, *, failed: bool) -> None:
        """One who waited has been answered, or not."""
        self._waiting -= 1
        self._trying = False
        if not failed:
            self._failures = 0
            return
        self._failures += 1
        self._asked_again_at = self._now() + OPEN_SECONDS


class _Turn:
    """One request that waits for the service, until its answer begins: a stream may go on for hours."""

    __slots__ = ("_guard", "onward", "settled")

    def __init__(self, guard: Guarded) -> None:
        self._guard = guard
        self.onward: Onward
        self.settled = False

    def settle(self, *, failed: bool) -> None:
        """The answer has begun, or will not; what comes after that changes nothing."""
        if not self.settled:
            self.settled = True
            self._guard.leave(failed=failed)

    async def begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.settle(failed=False)
        await self.onward.begin(status, headers)

    async def more(self, chunk: bytes) -> None:
        await self.onward.more(chunk)

    async def gone(self) -> None:
        await self.onward.gone()


class _NotAsked(Unavailable):
    """The service was not asked, and would not be the next moment either."""


class _BrokenOff(Unavailable):
    """The answer had begun."""


def _may_repeat(method: str, headers: Headers) -> bool:
    return method in _REPEATABLE or any(name == _IDEMPOTENT for name, _ in headers)
