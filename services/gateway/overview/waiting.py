"""Read your own writes: a composed read waits until the projection has applied the positions that a write answered.

`Backbone-Wait-For: members/person_01j…@3, grants/award_01j…@1`. It waits for the consumer's inbox rows, so it works on
whichever replica the read arrives. Other movements' keys look like keys that nothing has happened to.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Literal, NamedTuple

from sqlalchemy import orm

from services.gateway.overview import store
from shared.calls import CallOf
from shared.errors import BadRequest, TooManyRequests
from shared.looking import Looking

Outcome = Literal["met", "timed_out", "parked"]

_MOST_POSITIONS = 8
_MOST_WAITERS = 50


class Position(NamedTuple):
    """Where a write stands in the log."""

    service: str
    key: str
    sequence: int


class InvalidPosition(BadRequest):
    """Backbone-Wait-For is not a list of positions."""

    code, title = "invalid_position", "Backbone-Wait-For is not a list of positions"


class TooManyWaiters(TooManyRequests):
    """One credential waits too many times at once."""

    code, title = "too_many_waiters", "Too many reads of this credential are waiting"


def positions(header: str) -> list[Position]:
    """The positions of the header, `service/key@sequence` with commas between; raises InvalidPosition."""
    texts = [text.strip() for text in header.split(",") if text.strip()]
    if not 0 < len(texts) <= _MOST_POSITIONS:
        raise InvalidPosition(f"it has 1 to {_MOST_POSITIONS} positions")
    return [_position(text) for text in texts]


def _position(text: str) -> Position:
    place, _, number = text.rpartition("@")
    service, _, key = place.partition("/")
    if not (service and key and number.isascii() and number.isdigit() and len(number) <= 18):
        raise InvalidPosition("a position is service/key@sequence")
    return Position(service, key, int(number))


class Waiting:
    """The reads that are waiting, counted for each credential."""

    def __init__(self) -> None:
        self._waiters: Counter[str] = Counter()

    async def wait(self, call: CallOf, consumer: str, wanted: Sequence[Position]) -> Outcome:
        """Wait until the consumer has applied every position: at most 2 seconds, and no longer than the deadline."""
        name = call.principal.id
        if self._waiters[name] >= _MOST_WAITERS:
            raise TooManyWaiters(headers={"retry-after": "1"})
        self._waiters[name] += 1
        try:
            return await _wait(call, consumer, wanted)
        finally:
            self._waiters[name] -= 1
            if not self._waiters[name]:
                del self._waiters[name]


async def _wait(call: CallOf, consumer: str, wanted: Sequence[Position]) -> Outcome:
    looking = Looking(call.deadline)
    while True:
        wanted, parked = await call.read_by_key(_missing, consumer, wanted)
        if not wanted:
            return "met"
        if parked:
            return "parked"
        if not await looking.again():
            return "timed_out"


def _missing(
    session: orm.Session, movement: str, consumer: str, wanted: Sequence[Position]
) -> tuple[list[Position], bool]:
    """The positions that are not applied yet, and whether one of them waits behind a parked key."""
    missing = [
        position
        for position in wanted
        if store.reached(session, movement, consumer, position.service, position.key) < position.sequence
    ]
    parked = any(store.is_parked(session, movement, consumer, position.service, position.key) for position in missing)
    return missing, parked
