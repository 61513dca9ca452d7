"""The only source of the present: instants are aware UTC to the millisecond, days are reckoned in a movement's zone."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo


class Frozen:
    """A stopped clock that a test moves by hand."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def advance(self, by: timedelta) -> None:
        """Move the stopped clock on."""
        self.at += by


_frozen: list[Frozen] = []
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """This instant, aware UTC. Milliseconds, because both databases and JSON keep them without loss."""
    at = _frozen[-1].at if _frozen else datetime.now(UTC)
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def milliseconds() -> int:
    """This instant as :func:`now` tells it, in whole milliseconds since 1970, at a tenth of its cost."""
    if _frozen:
        return (_frozen[-1].at - _EPOCH) // timedelta(milliseconds=1)
    return time.time_ns() // 1_000_000


def timestamp() -> float:
    """This instant in seconds since 1970, which is the unit of every deadline. A stopped clock does not stop it."""
    return time.time()


def took(began: float) -> int:
    """Whole milliseconds since a moment of ``time.perf_counter``, rounded up: 0 would say that nothing was done."""
    return int((time.perf_counter() - began) * 1000) + 1


def today(zone: str) -> date:
    """The day it is now in an IANA time zone such as `Europe/London`."""
    return now().astimezone(ZoneInfo(zone)).date()


@contextmanager
def frozen(at: datetime) -> Iterator[Frozen]:
    """Stop the clock at an aware instant, in every thread, until the block ends. For tests."""
    if at.tzinfo is None:
        raise ValueError("a frozen clock needs an aware instant")
    stopped = Frozen(at.astimezone(UTC))
    _frozen.append(stopped)
    try:
        yield stopped
    finally:
        _frozen.remove(stopped)
