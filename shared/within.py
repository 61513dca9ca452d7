"""A bound on time for what every request passes: as :func:`asyncio.timeout`, at a third of its cost.

with within(seconds) as bound:
    await something()
"""

import asyncio
from types import TracebackType
from typing import Self


class within:  # noqa: N801 - read as a word of the sentence that it stands in
    """Cancels the task that entered it once so many seconds have passed, and raises TimeoutError in its place.

    Without seconds (None) it never does.
    """

    __slots__ = ("_before", "_seconds", "_task", "_timer", "expired")

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._timer: asyncio.TimerHandle | None = None
        self.expired = False
        """Whether the time ran out: the TimeoutError is this one's, and no other wait's."""

    def lift(self) -> None:
        """Let it take as long as it likes from now on."""
        if self._timer is not None:
            self._timer.cancel()

    def extend(self, seconds: float) -> None:
        """Count from now: so many seconds are left, whatever was before."""
        self.lift()
        if not self.expired:
            self._timer = asyncio.get_running_loop().call_later(seconds, self._expire)

    def __enter__(self) -> Self:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("only a task can be cancelled when its time is up")
        self._task, self._before = task, task.cancelling()
        if self._seconds is not None:
            self._timer = asyncio.get_running_loop().call_later(max(0.0, self._seconds), self._expire)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.lift()
        if self.expired and self._task.uncancel() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def _expire(self) -> None:
        self.expired = True
        self._task.cancel()
