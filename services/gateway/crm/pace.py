"""How fast a CRM may be called: never more calls in a span than it allows. Counted here, so that it need not refuse."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping

from services.gateway.crm.mapping import Limit
from services.gateway.crm.vendors.calling import Dials
from shared.dialler import Answer


class Pace:
    """The calls of one connection in the span that goes by. Only its teller calls it, so one process counts them.

    Where another process takes the connection over, the lease that it waited for is longer than the span of any
    limit that we know by the second.
    """

    def __init__(self, limit: Limit, now: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self._now = now
        self._begun: deque[float] = deque(maxlen=limit.calls)

    def wait(self) -> float:
        """Seconds until the next call may begin; 0 where it may now, and then it is counted."""
        now = self._now()
        if len(self._begun) == self.limit.calls and (left := self._begun[0] + self.limit.seconds - now) > 0:
            return left
        self._begun.append(now)
        return 0.0

    async def take(self) -> None:
        """Begin a call, once it may."""
        if (left := self.wait()) > 0:
            await asyncio.sleep(left)
            await self.take()


class Paced:
    """Dials no faster than a pace allows."""

    def __init__(self, dialler: Dials, pace: Pace) -> None:
        self._dialler = dialler
        self._pace = pace

    async def request(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes, seconds: float, most: int
    ) -> Answer:
        """Send one request once it may be sent. Raises DialFailed."""
        await self._pace.take()
        return await self._dialler.request(method, url, headers=headers, body=body, seconds=seconds, most=most)
