"""Asking members about people: who is one of the movement's, and to which organisations somebody belongs."""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeVar
from urllib.parse import quote

import msgspec

from shared.auth import service_principal, sign
from shared.calls import CallOf
from shared.errors import AppError, Fault, Invalid, Unavailable

T = TypeVar("T")

_PURPOSE = "administration"


class _Asked(msgspec.Struct):
    purpose: str
    channel: str
    people: Sequence[str]


class _Answer(msgspec.Struct):
    known: frozenset[str]


class _Affiliation(msgspec.Struct):
    organisation: str


class _Affiliations(msgspec.Struct):
    data: Sequence[_Affiliation]
    next_cursor: str | None


async def refuse_unknown(call: CallOf, people: Mapping[str, str]) -> None:
    """Raise Invalid (`unknown_person`) for those who are nobody of the movement; their places in the body are the keys.

    Raises Unavailable where members cannot be asked.
    """
    body = msgspec.json.encode(_Asked(_PURPOSE, "record", sorted(set(people.values()))))
    known = (await _members(call, "POST", "/internal/permissions/asked", _Answer, body=body)).known
    reason = "is no person of this movement"
    if strangers := [place for place, person in people.items() if person not in known]:
        raise Invalid(faults=[Fault(place, reason, "unknown_person") for place in strangers])


def each_of(place: str, people: Sequence[str], field: str = "") -> dict[str, str]:
    """The people of a list in a body by their places in it."""
    return {f"{place}/{number}{field}": person for number, person in enumerate(people)}


async def organisations_of(call: CallOf, people: Collection[str]) -> dict[str, frozenset[str] | None]:
    """The organisations that each of these belongs or belonged to; None where members does not say: never taken for
    none."""
    return {person: await _organisations(call, person) for person in people}


async def _organisations(call: CallOf, person: str) -> frozenset[str] | None:
    found: set[str] = set()
    query = f"person={person}&limit=200"
    try:
        while True:
            page = await _members(call, "GET", "/v1/affiliations", _Affiliations, query=query)
            found |= {each.organisation for each in page.data}
            if page.next_cursor is None:
                return frozenset(found)
            query = f"person={person}&limit=200&cursor={quote(page.next_cursor)}"
    except AppError:
        return None


async def _members(
    call: CallOf, method: str, path: str, to: type[T], *, body: bytes | None = None, query: str = ""
) -> T:
    parts = call.parts
    token = sign(service_principal(parts.service, call.movement), "members", parts.secrets)
    headers = [("authorization", f"Bearer {token}"), ("backbone-request-id", call.request_id)]
    if body is not None:
        headers.append(("content-type", "application/json"))
    answer = await parts.upstreams["members"].request(
        method, path, headers=headers, body=body, query=query, deadline=call.deadline
    )
    if answer.status != 200:
        raise Unavailable(f"members answered {answer.status}")
    try:
        return msgspec.json.decode(answer.body, type=to)
    except msgspec.DecodeError:
        raise Unavailable("members did not say") from None
