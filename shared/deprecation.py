"""Routes that are on their way out: their callers are told in every answer, long before they are gone.

`Deprecation` (RFC 9745) says since when, `Sunset` (RFC 8594) until when it is answered, `Link` where to read on.

    @router.get("/v1/old", **needs("people:read", deprecated=Deprecation("2027-01-31", "2027-07-31", "/docs#new")))
"""

from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cached_property
from typing import Any

DEPRECATED = "x-deprecation"
"""The place of it in a route's part of the OpenAPI document."""


class Deprecation(dict[str, Any]):
    """Since which day a route is deprecated, until which it is answered, and an address that says what replaces it.

    A dictionary, so that the document shows it. Raises ValueError where it would be gone before it is deprecated.
    """

    def __init__(self, since: str, until: str, see: str) -> None:
        super().__init__(since=since, until=until, see=see)
        if _midnight(since) >= _midnight(until):
            raise ValueError("a route is answered for a while after it is deprecated")

    @cached_property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """What every answer of the route says."""
        told = {
            "deprecation": f"@{int(_midnight(self['since']).timestamp())}",
            "sunset": format_datetime(_midnight(self["until"]), usegmt=True),
            "link": f'<{self["see"]}>; rel="deprecation"',
        }
        return [(name.encode(), value.encode()) for name, value in told.items()]


def _midnight(day: str) -> datetime:
    return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC)
