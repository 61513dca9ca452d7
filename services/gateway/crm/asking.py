"""Asking members for the people whom a CRM is about to be told of, on behalf of the connection.

The connection calls as a principal of its own, for its organisation, with one scope: what may not be handed on to that
organisation is not in the answer, and nothing that it has is kept here.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from services.gateway.crm.mapping import Record
from shared import clock
from shared.auth import Principal, sign
from shared.coverage import Withheld
from shared.parts import Parts
from shared.upstream import Refused, UpstreamResponse

_LONGEST_SECONDS = 15.0
_SCOPES = frozenset({"people:read", "people:write"})


class Purposed(NamedTuple):
    """For whom people are asked for: a connection, its organisation, and what that has their data for."""

    movement: str
    connection: str
    organisation: str
    purpose: str
    withheld: Withheld


class HandedOn(msgspec.Struct, frozen=True):
    """What members answered: the people who permit it, and what became of the others."""

    people: Sequence[Record]
    merged: Mapping[str, str]
    withheld: Sequence[str]
    unknown: Sequence[str]
    next: str | None

    def by_person(self) -> Mapping[str, Record]:
        """The people by their ids."""
        return {str(person["person"]): person for person in self.people}


def principal_of(purposed: Purposed) -> Principal:
    """Who is calling: the connection itself. What it causes has it as its origin, and is not told to it again."""
    return Principal(
        id=purposed.connection,
        movement=purposed.movement,
        scopes=_SCOPES,
        organisation=purposed.organisation,
        origin=purposed.connection,
        withheld=purposed.withheld,
    )


async def these(parts: Parts, purposed: Purposed, people: Sequence[str]) -> HandedOn:
    """These people, as far as they may be handed on. Raises Unavailable, DeadlinePassed, Refused."""
    return await _ask(parts, purposed, {"people": people})


async def next_after(parts: Parts, purposed: Purposed, after: str | None, limit: int) -> HandedOn:
    """The next people in the order of their ids. Raises Unavailable, DeadlinePassed, Refused."""
    return await _ask(parts, purposed, {"after": after, "limit": limit})


async def call(parts: Parts, purposed: Purposed, person: str, system: str, external_id: str) -> bool:
    """Have members know what a CRM calls somebody; False where it knows somebody else by that.

    Raises Unavailable, DeadlinePassed, Refused.
    """
    body = {"system": system, "id": external_id}
    answer = await _post(parts, purposed, f"/v1/people/{person}/external-ids", body)
    if answer.status not in (201, 409):
        raise Refused(upstream_status=answer.status)
    return answer.status == 201


async def _ask(parts: Parts, purposed: Purposed, which: Mapping[str, object]) -> HandedOn:
    answer = await _post(parts, purposed, "/internal/handed-on", {"purpose": purposed.purpose, **which})
    if answer.status != 200:
        raise Refused(upstream_status=answer.status)
    return msgspec.json.decode(answer.body, type=HandedOn)


async def _post(parts: Parts, purposed: Purposed, path: str, body: Mapping[str, object]) -> UpstreamResponse:
    token = sign(principal_of(purposed), "members", parts.secrets)
    return await parts.upstreams["members"].request(
        "POST",
        path,
        headers=[("authorization", f"Bearer {token}"), ("content-type", "application/json")],
        body=msgspec.json.encode(body),
        deadline=clock.timestamp() + _LONGEST_SECONDS,
    )
