"""Lists in pages: an opaque, signed cursor that belongs to one movement and one path, and says where to go on.

    @router.get("/v1/rounds", response_model=Page[Round], **needs("rounds:read"))
    async def list_rounds(call: Call, paging: Paging) -> Page[Round]:
        rows = await call.read(store.rounds, paging.fetch, paging.after)
        return paging.page(rows, Round.of, lambda row: (row.id,))

A query orders by unique columns, starts behind `after` and fetches `fetch` rows, one more than the page has.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

import msgspec
from fastapi import Depends, Query, Request
from pydantic import AwareDatetime, Field

from shared.calls import Call
from shared.errors import BadRequest
from shared.fields import View

T = TypeVar("T")
R = TypeVar("R")
Position = tuple[str | int, ...]
"""The sort columns of a row."""

_MAC = 16


UpdatedSince = Annotated[AwareDatetime | None, Query(description="only what was changed at this moment or later")]
"""For lists that other tools mirror. Use it as `updated_since: UpdatedSince = None`."""


class InvalidCursor(BadRequest):
    """The cursor is not one that this list gave to this movement."""

    code, title = "invalid_cursor", "The cursor does not belong to this list"


class Page(View, Generic[T]):
    """One page of a list; `next_cursor` is null on the last."""

    data: list[T]
    next_cursor: Annotated[str | None, Field(description="send it as `cursor` for the next page")] = None


class PagingOf:
    """Which page is asked for. Use it as `paging: Paging`."""

    __slots__ = ("_bound_to", "_key", "after", "limit")

    def __init__(self, limit: int, after: Position | None, key: bytes, bound_to: bytes) -> None:
        self.limit = limit
        """Rows on a page, 1 to 200."""
        self.after = after
        """The position of the last row that the caller has; None for the first page."""
        self._key = key
        self._bound_to = bound_to

    @property
    def fetch(self) -> int:
        """Rows to fetch: one more than the page holds, to know whether another follows."""
        return self.limit + 1

    @property
    def after_id(self) -> str:
        """For a list in the order of its ids: that of the last row the caller has, empty for the first page."""
        return "" if self.after is None else str(self.after[0])

    def position_of(self, cursor: str) -> Position:
        """The position in a cursor that came otherwise than as a parameter. Raises InvalidCursor."""
        return _position(cursor, self._key, self._bound_to)

    def page(self, rows: Sequence[R], of: Callable[[R], T], position: Callable[[R], Position]) -> Page[T]:
        """The page of these rows (at most `fetch`): each made by `of`, the cursor from the last row's position."""
        shown = rows[: self.limit]
        cursor = self.cursor_at(position(shown[-1])) if len(rows) > self.limit else None
        return Page(data=[of(row) for row in shown], next_cursor=cursor)

    def cursor_at(self, position: Position) -> str:
        """The cursor that goes on behind a position: a list without an end, such as the feed, always gives one."""
        return _cursor(position, self._key, self._bound_to)


async def paging_of(
    request: Request,
    call: Call,
    limit: Annotated[int, Query(ge=1, le=200, description="rows on a page")] = 50,
    cursor: Annotated[str | None, Query(max_length=1000, description="`next_cursor` of the page before")] = None,
) -> PagingOf:
    """The page that the query asks for. Raises InvalidCursor."""
    key = call.parts.secrets.cursor_key
    bound_to = f"{call.movement}\n{request.scope['path']}\n".encode()
    return PagingOf(limit, None if cursor is None else _position(cursor, key, bound_to), key, bound_to)


Paging = Annotated[PagingOf, Depends(paging_of)]


def _cursor(position: Position, key: bytes, bound_to: bytes) -> str:
    content = msgspec.json.encode(position)
    return base64.urlsafe_b64encode(_mac(content, key, bound_to) + content).rstrip(b"=").decode()


def _position(cursor: str, key: bytes, bound_to: bytes) -> Position:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError:
        raise InvalidCursor from None
    mac, content = raw[:_MAC], raw[_MAC:]
    if not hmac.compare_digest(mac, _mac(content, key, bound_to)):
        raise InvalidCursor
    return msgspec.json.decode(content, type=Position)


def _mac(content: bytes, key: bytes, bound_to: bytes) -> bytes:
    return hmac.digest(key, bound_to + content, hashlib.sha256)[:_MAC]
