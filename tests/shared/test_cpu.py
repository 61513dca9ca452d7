"""The CPU process: work away from the event loop, that dies without taking anybody with it."""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import AsyncIterator

import pytest

from shared import cpu
from shared.cpu import Cpu
from shared.errors import DeadlinePassed, Fault, Invalid, Unavailable
from shared.testing.eventually import eventually


def where(*said: object) -> tuple[int, tuple[object, ...]]:
    sys.stdout.write("what is printed stays out of the answer")
    return os.getpid(), said


def refuses() -> None:
    raise Invalid("no", faults=[Fault("/a", "is wrong", "wrong")])


class Odd(Exception):
    """Cannot be made again from what was pickled."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)


def fails_oddly() -> None:
    raise Odd("a", "b")


def stands_still() -> None:
    threading.Event().wait()


def large(size: int) -> bytes:
    return b"x" * size


@pytest.fixture
async def process() -> AsyncIterator[Cpu]:
    async with cpu.opened(idle_seconds=60) as opened:
        yield opened


async def test_a_function_runs_in_another_process_that_was_started_for_the_first_one(process: Cpu) -> None:
    assert process.pid is None, "nothing is started before it is needed"
    first = await process.run(where, "a", 1)
    assert first == (_pid(process), ("a", 1))
    assert (await process.run(where))[0] == first[0] != os.getpid()


async def test_all_services_of_a_loop_have_one_process_between_them(process: Cpu) -> None:
    async with cpu.opened(idle_seconds=1) as other:
        assert other is process


async def test_what_a_function_raises_is_raised_here_with_all_that_it_says(process: Cpu) -> None:
    with pytest.raises(Invalid) as raised:
        await process.run(refuses)
    assert raised.value.faults == (Fault("/a", "is wrong", "wrong"),)
    with pytest.raises(RuntimeError, match="Odd"):
        await process.run(fails_oddly)


async def test_large_arguments_and_results_pass(process: Cpu) -> None:
    assert len(await process.run(large, 3_000_000)) == 3_000_000
    assert len((await process.run(where, large(3_000_000)))[1]) == 1


async def test_a_process_that_is_killed_fails_the_call_under_way_and_the_next_one_has_a_new_process(
    process: Cpu,
) -> None:
    under_way = asyncio.create_task(process.run(stands_still))
    waiting = asyncio.create_task(process.run(where))
    await eventually(lambda: process.pid is not None)
    killed = process.pid
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    with pytest.raises(Unavailable):
        await under_way
    assert (await waiting)[0] != killed


async def test_a_call_is_given_up_at_its_deadline_and_the_work_ends_with_it(process: Cpu) -> None:
    await process.run(where)
    with pytest.raises(DeadlinePassed):
        await process.run(stands_still, deadline=time.time() + 0.05)
    assert process.pid is None
    await process.run(where, deadline=time.time() + 30)


async def test_one_that_waits_for_its_turn_is_given_up_without_harm_to_the_one_under_way(process: Cpu) -> None:
    under_way = asyncio.create_task(process.run(stands_still))
    await eventually(lambda: process.pid is not None)
    before = process.pid
    with pytest.raises(DeadlinePassed):
        await process.run(where, deadline=time.time() + 0.05)
    assert (process.pid, under_way.done()) == (before, False)
    under_way.cancel()
    await asyncio.gather(under_way, return_exceptions=True)


async def test_a_call_too_many_is_refused(process: Cpu, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cpu, "MOST_WAITING", 1)
    under_way = asyncio.create_task(process.run(stands_still))
    await eventually(lambda: process.pid is not None)
    with pytest.raises(Unavailable):
        await process.run(where)
    under_way.cancel()
    await asyncio.gather(under_way, return_exceptions=True)


async def test_an_idle_process_ends_and_is_started_again_when_needed() -> None:
    async with cpu.opened(idle_seconds=0.05) as process:
        first, _ = await process.run(where)
        await eventually(lambda: process.pid is None)
        await eventually(lambda: not _alive(first))
        assert (await process.run(where))[0] != first


def _pid(process: Cpu) -> int | None:
    return process.pid


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
