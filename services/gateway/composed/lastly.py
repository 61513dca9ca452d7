"""The last answers of services, for the minutes in which one of them is away (RFC 5861, `stale-if-error`).

Only what shows no people is kept, in memory alone, and given again only to the very principal that it was given to:
one whose scopes, organisation or agreements have changed since is another one.
"""

from collections import OrderedDict
from datetime import datetime, timedelta

import msgspec

from shared import clock
from shared.auth import Principal

Key = tuple[Principal, str, str, str]
"""Who asked, and the service, path and query."""

_MOST, _LARGEST = 1_000, 64 * 1024


class LastAnswers:
    """At most a thousand answers of at most 64 KiB, the latest; none older than ``longest``."""

    def __init__(self, longest: timedelta) -> None:
        self._longest = longest
        self._kept: OrderedDict[Key, tuple[msgspec.Raw, datetime]] = OrderedDict()

    def note(self, key: Key, content: msgspec.Raw, at: datetime) -> None:
        """Keep what a service has just answered."""
        if len(content) > _LARGEST:
            self._kept.pop(key, None)
            return
        self._kept[key] = (content, at)
        self._kept.move_to_end(key)
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    def found(self, key: Key) -> tuple[msgspec.Raw, datetime] | None:
        """What was answered last, and when, unless that is too long ago."""
        last = self._kept.get(key)
        return last if last is not None and clock.now() - last[1] <= self._longest else None
