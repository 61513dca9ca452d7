"""Waiting for a condition in tests: bounded, and never by a sleep of a guessed length."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar, overload

T = TypeVar("T")


@overload
async def eventually(condition: Callable[[], Awaitable[T]], *, within: float = ..., every: float = ...) -> T: ...
@overload
async def eventually(condition: Callable[[], T], *, within: float = ..., every: float = ...) -> T: ...
async def eventually(
    condition: Callable[[], Awaitable[object] | object], *, within: float = 10.0, every: float = 0.02
) -> object:
    """Answer the first truthy value of ``condition``, asked every ``every`` seconds.

    Raises :class:`AssertionError` with the last value after ``within`` seconds; an AssertionError that the condition
    itself raises means "not yet", and is the one raised in the end.
    """
    deadline = time.monotonic() + within
    while True:
        value: object = None
        failure: AssertionError | None = None
        try:
            answer = condition()
            value = await answer if isinstance(answer, Awaitable) else answer
            if value:
                return value
        except AssertionError as error:
            failure = error
        if time.monotonic() >= deadline:
            raise failure or AssertionError(f"not within {within} s; the last value was {value!r}")
        await asyncio.sleep(every)
