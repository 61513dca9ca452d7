"""A line to a service that can be cut, held up and made to flicker, as networks do, while the service runs on."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Literal

Trouble = Literal["well", "away", "slow", "flapping"]

_SLOW_SECONDS = 30.0
_FLAPS_EVERY_SECONDS = 0.25


class Line:
    """Carries what comes to ``port`` of loopback on to ``target``, until it is told to be in trouble.

    `away` refuses and resets every connection, `slow` passes nothing on for 30 seconds, `flapping` is away and well in
    turn, four times a second.
    """

    def __init__(self, port: int, target: int) -> None:
        self.port = port
        self._target = target
        self._loop: asyncio.AbstractEventLoop
        self._carrying = threading.Event()
        self._trouble: Trouble = "well"
        self._changed = asyncio.Event()
        self._ended = asyncio.Event()
        self._cut = False
        self._open: set[asyncio.StreamWriter] = set()

    def be(self, trouble: Trouble) -> None:
        """From now on."""
        self._loop.call_soon_threadsafe(self._become, trouble)

    @contextmanager
    def laid(self) -> Iterator["Line"]:
        """Carry while the block lasts, on a thread of its own: tests come and go with their loops."""
        thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        thread.start()
        assert self._carrying.wait(10)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(self._ended.set)
            thread.join(10)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)
        flapping = asyncio.create_task(self._flap())
        self._carrying.set()
        await self._ended.wait()
        flapping.cancel()
        server.close()

    def _become(self, trouble: Trouble) -> None:
        self._trouble = trouble
        self._cut = trouble == "away"
        self._changed.set()
        self._changed.clear()
        if self._cut:
            self._reset()

    async def _flap(self) -> None:
        while True:
            await asyncio.sleep(_FLAPS_EVERY_SECONDS)
            if self._trouble == "flapping":
                self._cut = not self._cut
                if self._cut:
                    self._reset()

    def _reset(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._cut:
            writer.transport.abort()
            return
        there, onward = await asyncio.open_connection("127.0.0.1", self._target)
        ends = {writer, onward}
        self._open |= ends
        try:
            await asyncio.gather(self._pass_on(reader, onward), self._pass_on(there, writer))
        except (OSError, asyncio.CancelledError):  # cut, or the line is taken up
            return
        finally:
            self._open -= ends
            for end in ends:
                end.close()

    async def _pass_on(self, from_: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
        while chunk := await from_.read(65_536):
            if self._trouble == "slow":
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), _SLOW_SECONDS)
            to.write(chunk)
            await to.drain()
        to.close()
