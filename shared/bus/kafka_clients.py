"""Starting and ending aiokafka's clients, neither of which may keep anybody waiting for a broker that is away.

A client that is ended goes on in the background for as long as the broker takes to answer, and is cut off when the
bus closes. One whose start takes too long is not cancelled in the middle of it, where it would leave a connection
open, but ended when its own time-out has passed.
"""

import asyncio
from collections.abc import Coroutine
from typing import Protocol

import structlog
from aiokafka import AIOKafkaConsumer

RETRY_MS = 250
"""Between attempts of aiokafka's own, each of which it logs: its default fills the log of an outage."""
_PATIENCE = 2.0
_STARTED_WITHIN = 20.0
"""Longer than any request's own time-out."""

log = structlog.get_logger(__name__)


class Client(Protocol):
    """One of aiokafka's clients. ``end`` also works where ``start`` failed, and cuts its connections if cancelled."""

    async def start(self) -> None: ...
    async def end(self) -> None: ...


class Consumer(AIOKafkaConsumer):
    """aiokafka's consumer; see :class:`Client`."""

    async def end(self) -> None:
        """Leave the group, if it is in one, and close every connection."""
        try:
            await self.stop()
        finally:
            # Where leaving was cut off, what is left of it must not connect again.
            if self._fetcher is not None:
                await self._fetcher.close()
            heartbeat = getattr(self._coordinator, "_heartbeat_task", None)
            if heartbeat is not None:
                heartbeat.cancel()
            await self._client.close()


class Clients:
    """The clients of one bus that are on their way in or out."""

    def __init__(self) -> None:
        self._ending: set[asyncio.Task[None]] = set()

    async def start(self, client: Client) -> None:
        """Start a client; where that fails or is given up, it is ended."""
        starting = asyncio.ensure_future(client.start())
        try:
            await asyncio.shield(starting)
        except BaseException:
            self._in_background(_end_when_started(client, starting))
            raise

    def end(self, client: Client) -> "asyncio.Task[None]":
        """Begin to end a client. Nobody has to wait for the task, which never raises."""
        return self._in_background(client.end())

    async def close(self) -> None:
        """Cut off whatever has not ended after two more seconds."""
        if self._ending:
            _, late = await asyncio.wait(self._ending, timeout=_PATIENCE)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late, timeout=_PATIENCE / 2)

    def _in_background(self, ending: Coroutine[object, object, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(_quietly(ending))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
        return task


async def _end_when_started(client: Client, starting: "asyncio.Future[None]") -> None:
    try:
        await asyncio.wait([starting], timeout=_STARTED_WITHIN)
    finally:
        starting.cancel()
        await client.end()


async def _quietly(ending: Coroutine[object, object, None]) -> None:
    try:
        await ending
    except Exception:
        log.warning("kafka_client_did_not_end_in_good_order", exc_info=True)
