"""The limits: so many requests a minute for each caller, and a day where a key has a quota, told in headers.

The headers are those of the IETF's draft. A window is a minute, or a day, of the clock (UTC), the same in every
replica. Each counts in its own memory, and tells the others by the gateway's database every second: between two
tellings a caller may get past its limit by what all replicas but one let in meanwhile. A day's count also outlasts a
restart.
"""

import asyncio
from collections.abc import Callable, Iterable
from math import ceil
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from services.gateway.base import Base
from shared import clock
from shared.db.hot import Hot, hot
from shared.db.session import of
from shared.errors import TooManyRequests
from shared.parts import Parts

MINUTE, DAY = 60, 86_400
"""Seconds."""

_EVERY_SECONDS = 1.0
_MOST = 100_000
"""Windows kept at a time: whoever asks from ever new addresses must not fill the memory."""
_POLICIES = {MINUTE: "default", DAY: "daily"}

Header = tuple[bytes, bytes]


class Allowance(NamedTuple):
    """What a caller may, where it is not what everybody may: requests a minute, and a day (None: no limit)."""

    per_minute: int | None = None
    per_day: int | None = None

    def within(self, bounds: "Allowance | None") -> "Allowance":
        """The same, and no more than somebody may who hands it on."""
        if bounds is None:
            return self
        return Allowance(_least(self.per_minute, bounds.per_minute), _least(self.per_day, bounds.per_day))


def _least(*limits: int | None) -> int | None:
    return min((limit for limit in limits if limit is not None), default=None)


EVERYBODYS = Allowance()


class RateWindow(Base):
    """How often a caller has asked within a window, as far as the replicas have told. It stands in no movement."""

    __tablename__ = "rate_window"

    caller: orm.Mapped[str] = orm.mapped_column(primary_key=True)
    seconds: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    starts: orm.Mapped[int] = orm.mapped_column(primary_key=True)
    used: orm.Mapped[int]

    __table_args__ = (sa.Index("rate_window_starts", "starts"),)


class _Window:
    __slots__ = ("elsewhere", "here", "starts", "told")

    def __init__(self, starts: int) -> None:
        self.starts = starts
        self.here = 0
        """Requests that were counted in this process."""
        self.told = 0
        """How many of them the database has."""
        self.elsewhere = 0
        """Requests that others have told of."""


class Counted(NamedTuple):
    """Requests of a caller in a window that the database does not have yet."""

    caller: str
    seconds: int
    starts: int
    more: int


class Limits:
    """The windows of the callers that were seen lately: a credential, or the address of somebody without one."""

    def __init__(self, per_minute: int, now: Callable[[], float] = lambda: clock.milliseconds() / 1000) -> None:
        self._usual = Allowance(per_minute)
        self._now = now
        self._windows: dict[int, dict[str, _Window]] = {MINUTE: {}, DAY: {}}
        """By the length of the window and by caller, in the order in which they end."""

    def take(self, caller: str, allowance: Allowance | None = None) -> list[Header]:
        """Count one request and answer the headers that say how many are left; raises TooManyRequests."""
        now = self._now()
        per_minute = self._usual.per_minute or 0
        if allowance is None or allowance.per_day is None:
            most = per_minute if allowance is None else allowance.per_minute or per_minute
            return self._take(now, caller, ((MINUTE, most),))
        return self._take(now, caller, ((MINUTE, allowance.per_minute or per_minute), (DAY, allowance.per_day)))

    def _take(self, now: float, caller: str, limits: tuple[tuple[int, int], ...]) -> list[Header]:
        policies, left, over = [], [], 0
        windows = [self._window(caller, seconds, now) for seconds, _ in limits]
        for window, (seconds, most) in zip(windows, limits, strict=True):
            ends = ceil(window.starts + seconds - now)
            remaining = most - window.here - window.elsewhere
            if remaining <= 0:
                over = max(over, ends)
            policies.append(f'"{_POLICIES[seconds]}";q={most};w={seconds}')
            left.append(f'"{_POLICIES[seconds]}";r={max(0, remaining - 1)};t={ends}')
        told = {"ratelimit-policy": ", ".join(policies), "ratelimit": ", ".join(left)}
        if over:
            raise TooManyRequests("the limits that it has are in RateLimit", headers={"retry-after": str(over), **told})
        for window in windows:
            window.here += 1
        return [(name.encode(), value.encode()) for name, value in told.items()]

    def _window(self, caller: str, seconds: int, now: float) -> _Window:
        windows = self._windows[seconds]
        window = windows.get(caller)
        if window is None or window.starts + seconds <= now:
            windows.pop(caller, None)
            _forget(windows, now - seconds)
            window = windows[caller] = _Window(int(now // seconds) * seconds)
        return window

    async def settle(self, parts: Parts) -> None:
        """Tell the other replicas, and hear of theirs, every second until cancelled."""
        while True:
            await asyncio.sleep(_EVERY_SECONDS)
            await self.settle_now(parts)

    async def settle_now(self, parts: Parts) -> None:
        """Add to the database what was counted here, and take over what others have. Where this process alone writes to
        it, a minute's windows stay in memory."""
        alone = parts.db.changes is not None
        counted = [
            Counted(caller, seconds, window.starts, window.here - window.told)
            for seconds, windows in self._windows.items()
            for caller, window in windows.items()
            if window.here > window.told and not (alone and seconds == MINUTE)
        ]
        counted.sort()  # every replica takes the rows in the same order
        if not counted:
            return
        used = await parts.db.write(settle, counted, int(self._now()))
        for each, total in zip(counted, used, strict=True):
            window = self._windows[each.seconds].get(each.caller)
            if window is not None and window.starts == each.starts:
                window.told += each.more
                window.elsewhere = total - window.told


def _forget(windows: dict[str, _Window], ended: float) -> None:
    """Let go of windows that began before a moment, and of the oldest where there are too many."""
    while windows:
        caller, window = next(iter(windows.items()))
        if window.starts > ended and len(windows) < _MOST:
            return
        del windows[caller]


def _upsert(insert: type[sqlite.Insert] | type[postgresql.Insert]) -> Hot:
    statement = insert(RateWindow).values(
        {name: sa.bindparam(name) for name in ("caller", "seconds", "starts", "used")}
    )
    return hot(
        statement.on_conflict_do_update(
            index_elements=["caller", "seconds", "starts"], set_={"used": RateWindow.used + statement.excluded.used}
        ).returning(RateWindow.used)
    )


_add = {"sqlite": _upsert(sqlite.Insert), "postgresql": _upsert(postgresql.Insert)}
_over = hot(sa.delete(RateWindow).where(RateWindow.starts < sa.bindparam("before")))


def settle(session: orm.Session, counted: Iterable[Counted], now: int) -> list[int]:
    """Add requests to their windows, which come in the order of their keys, and answer how many each has by now.

    What is older than any window that counts is let go: housekeeping over every movement.
    """
    add = _add[of(session).dialect.name]
    _over.run(session, {"before": now - 2 * DAY})
    rows = [
        add.one(session, {"caller": each.caller, "seconds": each.seconds, "starts": each.starts, "used": each.more})
        for each in counted
    ]
    return [int(row[0]) for row in rows if row is not None]
