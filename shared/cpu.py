"""CPU-heavy pure functions run in one other process, so that they cost this one's event loop nothing.

    found = await parts.cpu.run(betweenness, edges, deadline=call.deadline)

The process is started at the first use and ended once it was idle for a while, so whatever only it imports (networkx,
numpy) costs memory only then. One function runs at a time, in the order of asking: long work is cut into pieces, or it
would keep everybody else waiting. A process that dies takes the call under way with it and no other.
"""

import asyncio
import os
import pickle
import sys
import time
import weakref
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar, TypeVarTuple, cast

from shared.cpu_process import LENGTH_BYTES
from shared.errors import DeadlinePassed, Unavailable
from shared.within import within

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

MOST_WAITING = 64
"""Calls that wait for their turn; another one is refused, for its answer would come too late to be of use."""

_ROOT = Path(__file__).resolve().parents[1]


class Cpu:
    """The process and the queue before it. Functions and arguments are pickled: functions of modules, plain values."""

    def __init__(self, idle_seconds: float) -> None:
        self._idle_seconds = idle_seconds
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._process: Process | None = None
        self._idle: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        """The process's id; None while there is none."""
        return None if self._process is None else self._process.pid

    async def run(self, function: Callable[[*Ts], T], *args: *Ts, deadline: float | None = None) -> T:
        """Call ``function(*args)`` in the process and answer what it returns, or raise what it raises.

        ``deadline`` is in unix seconds. Raises DeadlinePassed at that moment, and Unavailable where the process dies
        or too many calls wait. A call that is given up half-way ends the process: nobody wants its result any more.
        """
        if self._waiting >= MOST_WAITING:
            raise Unavailable("too much work waits for the CPU process")
        request = pickle.dumps((function, args), pickle.HIGHEST_PROTOCOL)
        self._waiting += 1
        try:
            with within(None if deadline is None else deadline - time.time()):
                async with self._turn:
                    answer = await self._ask(request)
        except TimeoutError:
            raise DeadlinePassed("the deadline passed before the CPU process was done") from None
        finally:
            self._waiting -= 1
        returned, result = pickle.loads(answer)
        if not returned:
            raise result
        return cast(T, result)  # what the function returned, by way of bytes

    async def close(self) -> None:
        """End the process at once."""
        self._stop_waiting()
        process, self._process = self._process, None
        if process is not None:
            await _end(process)

    async def _ask(self, request: bytes) -> bytes:
        self._stop_waiting()
        if self._process is None or self._process.returncode is not None:  # it may have died while it was idle
            self._process = await _start()
        process, done = self._process, False
        try:
            answer = await _exchange(process, request)
            done = True
        except (OSError, asyncio.IncompleteReadError):
            raise Unavailable("the CPU process died; it starts again with the next call") from None
        finally:
            if not done:
                await asyncio.shield(self.close())
        self._idle = asyncio.get_running_loop().call_later(self._idle_seconds, self._retire)
        return answer

    def _stop_waiting(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _retire(self) -> None:
        """Nobody has asked for a while: the process ends by itself when nothing can come any more."""
        process, self._process = self._process, None
        if process is not None:
            stdin = process.stdin
            if stdin is not None:
                stdin.close()


async def _start() -> Process:
    paths = os.pathsep.join([str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = os.environ | {"PYTHONPATH": paths}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "shared.cpu_process", stdin=PIPE, stdout=PIPE, env=environment
    )


async def _exchange(process: Process, request: bytes) -> bytes:
    stdin, stdout = process.stdin, process.stdout
    if stdin is None or stdout is None:
        raise RuntimeError("the CPU process was started without pipes")
    stdin.write(len(request).to_bytes(LENGTH_BYTES) + request)
    await stdin.drain()
    length = int.from_bytes(await stdout.readexactly(LENGTH_BYTES))
    return await stdout.readexactly(length)


async def _end(process: Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):  # it ended between the look and the call
            process.kill()
    if process.stdin is not None:
        process.stdin.close()
    await process.wait()


_shared: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, tuple[Cpu, list[None]]]" = weakref.WeakKeyDictionary()


@asynccontextmanager
async def opened(idle_seconds: float) -> AsyncIterator[Cpu]:
    """The CPU process of this event loop: however many services run on it, they have one between them."""
    loop = asyncio.get_running_loop()
    cpu, holders = _shared.setdefault(loop, (Cpu(idle_seconds), []))
    holders.append(None)
    try:
        yield cpu
    finally:
        holders.pop()
        if not holders:
            del _shared[loop]
            await cpu.close()
