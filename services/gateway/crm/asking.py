"""Asking members for the people and organisations of whom a CRM is about to be told of, on behalf of the connection.

The connection calls as a principal of its own, for its organisation, with one scope: what may not be handed on to that
organisation is not in the answer, and nothing that it has is kept here.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from services.gateway.crm.mapping import Record
from services.gateway.crm.models import Errand
from shared import clock
from shared.auth import Principal, sign
from shared.coverage import Withheld
from shared.ids import is_id
from shared.parts import Parts
from shared.upstream import Refused, UpstreamResponse

_LONGEST_SECONDS = 15.0
_SCOPES = frozenset({"people:read", "people:write", "organisations:read", "organisations:write"})
_PATHS = {Errand.PERSON: "/internal/handed-on", Errand.ORGANISATION: "/internal/handed-on/organisations"}


class Purposed(NamedTuple):
    """For whom people are asked for: a connection, its organisation, and what that has their data for."""

    movement: str
    connection: str
    organisation: str
    purpose: str
    withheld: Withheld


class HandedOn(msgspec.Struct, frozen=True):
    """What members answered: those who may be handed on, and what became of the others."""

    merged: Mapping[str, str]
    unknown: Sequence[str]
    next: str | None
    people: Sequence[Record] = ()
    withheld: Sequence[str] = ()
    organisations: Sequence[Record] = ()

    def by_id(self) -> Mapping[str, Record]:
        """The people, or the organisations, by their ids."""
        people = {str(record["person"]): record for record in self.people}
        return people or {str(record["organisation"]): record for record in self.organisations}


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


async def these(parts: Parts, purposed: Purposed, subjects: Sequence[str], kind: Errand = Errand.PERSON) -> HandedOn:
    """These people or organisations, as far as they may be handed on. Raises Unavailable, DeadlinePassed, Refused."""
    named = "organisations" if kind is Errand.ORGANISATION else "people"
    return await _ask(parts, purposed, kind, {named: subjects})


async def next_after(
    parts: Parts, purposed: Purposed, after: str | None, limit: int, kind: Errand = Errand.PERSON
) -> HandedOn:
    """The next ones in the order of their ids. Raises Unavailable, DeadlinePassed, Refused."""
    return await _ask(parts, purposed, kind, {"after": after, "limit": limit})


async def call(parts: Parts, purposed: Purposed, subject: str, system: str, external_id: str) -> bool:
    """Have members know what a CRM calls somebody or an organisation; False where it knows another by that.

    Raises Unavailable, DeadlinePassed, Refused.
    """
    noun = "organisations" if is_id(subject, "org") else "people"
    answer = await _post(parts, purposed, f"/v1/{noun}/{subject}/external-ids", {"system": system, "id": external_id})
    if answer.status not in (201, 409):
        raise Refused(upstream_status=answer.status)
    return answer.status == 201


async def _ask(parts: Parts, purposed: Purposed, kind: Errand, which: Mapping[str, object]) -> HandedOn:
    answer = await _post(parts, purposed, _PATHS[kind], {"purpose": purposed.purpose, **which})
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
