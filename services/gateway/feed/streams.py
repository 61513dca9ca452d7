"""The feed as server-sent events: pushed as they are committed, for as long as somebody listens and may.

What is held for a listener is one page, and no further one is read before the last was taken: whoever reads slowly is
behind in the feed, and takes no memory. Each event's id is the cursor behind it, so that a listener who was cut off
goes on with `Last-Event-ID` where it was, with nothing lost and nothing twice.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import contextmanager

import structlog

from services.gateway.feed import domain, store
from services.gateway.feed.arrivals import Arrivals
from services.gateway.feed.cloudevents import encode
from services.gateway.feed.filters import Filter
from shared.auth import Principal
from shared.db import Database
from shared.errors import AppError, TooManyRequests
from shared.pages import PagingOf

MEDIA_TYPE = "text/event-stream"
HEARTBEAT_SECONDS = 15.0
"""After so long without an event a line tells the listener, and whatever stands between, that the stream is alive."""

_MOST_STREAMS = 50
_LOOK_AGAIN_SECONDS = 1.0

log = structlog.get_logger(__name__)

Admitted = Callable[[], Awaitable[Principal]]
"""Who listens, as they are let in at this moment; raises what is wrong with their credential by now."""


class TooManyStreams(TooManyRequests):
    """One credential listens too many times at once."""

    code, title = "too_many_streams", "Too many streams of this credential are open"


class Streams:
    """The streams of one gateway: how many each credential has, and whether another replica has told of more."""

    def __init__(self, arrivals: Arrivals) -> None:
        self.arrivals = arrivals
        self._open: Counter[str] = Counter()
        self._heads: dict[str, tuple[float, int]] = {}

    def refuse_too_many(self, credential: str) -> None:
        """Raise TooManyStreams where the credential has as many as it may."""
        if self._open[credential] >= _MOST_STREAMS:
            raise TooManyStreams(f"a credential has at most {_MOST_STREAMS}", headers={"retry-after": "5"})

    @contextmanager
    def counted(self, credential: str) -> Iterator[None]:
        """One more stream of a credential, while it lasts."""
        self._open[credential] += 1
        try:
            yield
        finally:
            self._open[credential] -= 1
            if not self._open[credential]:
                del self._open[credential]

    async def head(self, database: Database, movement: str) -> int:
        """The end of a movement's feed as it was within the last second: one look serves every listener."""
        at, head = self._heads.get(movement, (0.0, 0))
        now = time.monotonic()
        if now - at >= _LOOK_AGAIN_SECONDS:
            head = await database.read_by_key(store.head, movement)
            self._heads[movement] = now, head
        return head


async def stream(
    streams: Streams, database: Database, admitted: Admitted, after: int, wanted: Filter, paging: PagingOf
) -> AsyncGenerator[bytes, None]:
    """The events behind a position, one by one, and heartbeats; it ends where the credential does not hold any more."""
    principal = await admitted()
    with streams.counted(principal.id):
        reached = after
        while True:
            bell = streams.arrivals.bell(principal.movement)
            try:
                principal = await admitted()
                page = await database.read(
                    domain.read, principal.movement, reached, wanted, paging.limit, principal.organisation
                )
            except AppError as error:  # they come back and are told by a problem what is the matter
                log.info("stream_ended", code=error.code)
                return
            for event, position in zip(page.events, page.positions, strict=True):
                yield b"id: %s\nevent: %s\ndata: %s\n\n" % (_at(paging, position), event.type.encode(), encode(event))
            reached = page.reached
            if not page.more:
                alive = await _quiet(streams, database, principal.movement, reached, bell)
                if not alive:
                    yield b"id: %s\n: alive\n\n" % _at(paging, reached)


async def _quiet(streams: Streams, database: Database, movement: str, reached: int, bell: asyncio.Event) -> bool:
    """Wait for the next event, at most until a heartbeat is due; whether there is one.

    Only where other replicas write too is the feed looked at: here every commit rings.
    """
    alone = database.changes is not None
    ends = time.monotonic() + HEARTBEAT_SECONDS
    while (left := ends - time.monotonic()) > 0:
        try:
            async with asyncio.timeout(left if alone else min(left, _LOOK_AGAIN_SECONDS)):
                await bell.wait()
                return True
        except TimeoutError:
            if not alone and await streams.head(database, movement) > reached:
                return True
    return False


def _at(paging: PagingOf, position: int) -> bytes:
    return paging.cursor_at((position,)).encode()
