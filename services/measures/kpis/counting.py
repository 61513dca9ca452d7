"""Counts that other services keep, asked for at the moment of use.

Measures asks for itself, in the movement, and so the route holds the caller to the scope that the count needs there.
Only a number comes back; who does not answer is said, and nothing is stored.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import TypeVar

import msgspec

from services.measures.kpis.models import NoValue, Source
from shared.auth import service_principal, sign
from shared.calls import CallOf
from shared.errors import Unavailable
from shared.upstream import read_json

SCOPES: Mapping[Source, str] = {
    Source.PEOPLE_ON_LADDER: "ladder:read",
    Source.ROUNDS: "rounds:read",
    Source.AWARDS: "awards:read",
}
"""What a caller needs who is to see the count."""

Shape = TypeVar("Shape")
_MOST_PAGES = 100
"""Of 200 each: what is more than that is not counted one by one."""


class TooManyToCount(Unavailable):
    """There are more than can be counted by going through them."""

    code, title = "too_many_to_count", "There are more than can be counted"


class _Rung(msgspec.Struct):
    rung: str
    people: int


class _Ladder(msgspec.Struct):
    rungs: list[_Rung]


class _Page(msgspec.Struct):
    data: list[msgspec.Raw]
    next_cursor: str | None = None


async def count(call: CallOf, source: Source, counted: str | None) -> Decimal:
    """How many there are now. Raises Unavailable, DeadlinePassed, Refused and TooManyToCount."""
    if source is Source.PEOPLE_ON_LADDER:
        return await _people(call, counted)
    return await _listed(call, source, counted)


async def _people(call: CallOf, rung: str | None) -> Decimal:
    """People on this rung and above, or on any."""
    ladder = await _asked(call, "members", "/v1/ladder", _Ladder)
    names = [each.rung for each in ladder.rungs]
    if rung is not None and rung not in names:
        raise NoValue("the ladder has no such rung")
    counted = ladder.rungs[names.index(rung) if rung else 0 :]
    return Decimal(sum(each.people for each in counted))


async def _listed(call: CallOf, source: Source, state: str | None) -> Decimal:
    total, cursor = 0, ""
    for _ in range(_MOST_PAGES):
        query = "limit=200" + (f"&state={state}" if state else "") + (f"&cursor={cursor}" if cursor else "")
        page = await _asked(call, "grants", f"/v1/{source.value}", _Page, query)
        total += len(page.data)
        if page.next_cursor is None:
            return Decimal(total)
        cursor = page.next_cursor
    raise TooManyToCount()


async def _asked(call: CallOf, service: str, path: str, to: type[Shape], query: str = "") -> Shape:
    token = sign(service_principal(call.parts.service, call.movement), service, call.parts.secrets)
    headers = [("authorization", f"Bearer {token}"), ("backbone-request-id", call.request_id)]
    upstream = call.parts.upstreams[service]
    return await read_json(upstream, path, to, headers=headers, query=query, deadline=call.deadline)
