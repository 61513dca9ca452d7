"""What somebody else's API answered over the dialler, read as far as we need it."""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from pydantic import JsonValue

T = TypeVar("T")


class Said:
    """A status, and the JSON that came with it. ``unknown`` makes the error where that is not what the vendor
    documents, from the status."""

    def __init__(self, status: int, body: bytes, unknown: Callable[[int], Exception]) -> None:
        self.status = status
        self._body = body
        self._unknown = unknown

    @property
    def ok(self) -> bool:
        """Whether it was done, or a part of it."""
        return 200 <= self.status < 300

    def read(self, kind: type[T]) -> T:
        """The answer, as far as we need it. Raises what ``unknown`` makes."""
        try:
            return msgspec.json.decode(self._body, type=kind)
        except msgspec.MsgspecError:
            raise self._unknown(self.status) from None

    def json(self) -> JsonValue:
        """The answer, whatever it is. Raises what ``unknown`` makes where it is no JSON."""
        try:
            found: JsonValue = msgspec.json.decode(self._body)
        except msgspec.MsgspecError:
            raise self._unknown(self.status) from None
        return found
