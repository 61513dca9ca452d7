"""The rate limit: so many requests a minute for each caller, counted in this process, told in the draft's headers.

A window begins with the first request after the last one ended; each replica of the gateway counts for itself.
"""

import time
from math import ceil

from shared.errors import TooManyRequests

WINDOW = 60
"""Seconds."""

_MOST = 100_000
"""Windows kept at a time: whoever asks from ever new addresses must not fill the memory."""

Header = tuple[bytes, bytes]


class _Window:
    __slots__ = ("ends", "left")

    def __init__(self, ends: float, left: int) -> None:
        self.ends = ends
        self.left = left


class Limits:
    """The windows of the callers that were seen lately: a credential, or the address of somebody without one."""

    def __init__(self, per_window: int) -> None:
        self._per_window = per_window
        self._windows: dict[str, _Window] = {}
        self._policy: Header = (b"ratelimit-policy", b'"default";q=%d;w=%d' % (per_window, WINDOW))

    def take(self, caller: str) -> list[Header]:
        """Count one request and answer the headers that say how many are left; raises TooManyRequests."""
        now = time.monotonic()
        window = self._windows.get(caller)
        if window is None or window.ends <= now:
            self._windows.pop(caller, None)
            self._forget(now)
            window = self._windows[caller] = _Window(now + WINDOW, self._per_window)
        seconds = ceil(window.ends - now)
        if window.left <= 0:
            raise TooManyRequests(
                f"{self._per_window} requests a minute are allowed",
                headers={
                    "retry-after": str(seconds),
                    "ratelimit-policy": self._policy[1].decode(),
                    "ratelimit": f'"default";r=0;t={seconds}',
                },
            )
        window.left -= 1
        return [self._policy, (b"ratelimit", b'"default";r=%d;t=%d' % (window.left, seconds))]

    def _forget(self, now: float) -> None:
        """Let go of windows that ended, and of the oldest where there are too many. They stand in their ends' order."""
        while self._windows:
            caller, window = next(iter(self._windows.items()))
            if window.ends > now and len(self._windows) < _MOST:
                return
            del self._windows[caller]
