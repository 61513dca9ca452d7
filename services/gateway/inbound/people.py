"""What is asked of members about whom a CRM tells of: who they are, how they are now, and to change them.

Everything is written through the routes that anybody writes by, so every rule of the movement holds. The connection is
who does it, and the origin of what it causes: so it is not told to that CRM again.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from services.gateway.crm.asking import Purposed
from services.gateway.crm.mapping import Record
from shared import clock
from shared.auth import Principal, sign
from shared.errors import AppError, Unavailable
from shared.parts import Parts
from shared.upstream import UpstreamResponse

ENTERED = "entered"
"""What members answers of somebody who was not known until now."""
_LONGEST_SECONDS = 10.0
_SCOPES = frozenset({"people:read", "people:write", "permissions:write"})
_CUSTOM = "custom."


class NotTaken(AppError):
    """Members does not take it: ``code`` is its problem's, and stands in the log."""

    status, code, title = 422, "not_taken", "The movement's rules do not let this in"

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code


class ChangedMeanwhile(Unavailable):
    """The person changed between being read and written."""

    code, title = "changed_meanwhile", "The person was changed meanwhile"


class TakenIn(msgspec.Struct, frozen=True):
    """Who it is that a CRM tells of, or why nobody was entered."""

    outcome: str
    person: str | None = None
    alike: Sequence[str] = ()


class Came(NamedTuple):
    """How the movement came to the data of whom a CRM tells of: what its people's ids are called, on what basis."""

    system: str
    record: str
    basis: str


class _Reached(msgspec.Struct):
    emails: list[dict[str, object]]
    phones: list[dict[str, object]]
    version: int


class _Problem(msgspec.Struct):
    code: str = "not_taken"


async def take_in(
    parts: Parts, purposed: Purposed, values: Mapping[str, object], came: Came, *, is_new: bool
) -> TakenIn:
    """Have somebody found or entered. Raises NotTaken, Unavailable."""
    person = _body(values) | {"external_ids": [{"system": came.system, "id": came.record}]}
    provenance = {"source": came.system, "reference": purposed.connection, "basis": came.basis}
    body = {"person": person, "provenance": provenance, "is_new": is_new}
    answer = await _ask(parts, purposed, "POST", "/internal/crm/people", body)
    return msgspec.json.decode(answer.body, type=TakenIn)


async def change(parts: Parts, purposed: Purposed, person: str, values: Mapping[str, object], version: int) -> None:
    """Change somebody who is at a version. Raises ChangedMeanwhile, NotTaken, Unavailable."""
    body = _body(values)
    if {"emails", "phones"} & body.keys():
        answer = await _ask(parts, purposed, "GET", f"/v1/people/{person}")
        reached = msgspec.json.decode(answer.body, type=_Reached)
        if reached.version != version:
            raise ChangedMeanwhile
        _keep_others(body, "emails", "address", reached.emails)
        _keep_others(body, "phones", "number", reached.phones)
    await _ask(parts, purposed, "PATCH", f"/v1/people/{person}", body, version)


async def refuse_for(parts: Parts, purposed: Purposed, person: str, channel: str) -> None:
    """Record that somebody does not want to be reached for the connection's purpose. Raises NotTaken, Unavailable."""
    body = {"purpose": purposed.purpose, "channel": channel, "decision": "refused"}
    await _ask(parts, purposed, "POST", f"/v1/people/{person}/permissions", body)


def _body(values: Mapping[str, object]) -> dict[str, object]:
    """The values as the routes of people take them: only what there is of an address, custom values by their keys."""
    body: dict[str, object] = {}
    for name, value in values.items():
        if name == "email":
            body["emails"] = [] if value is None else [{"address": value, "primary": True}]
        elif name == "phone":
            body["phones"] = [] if value is None else [{"number": value}]
        elif name.startswith(_CUSTOM):
            custom = body.setdefault("custom", {})
            assert isinstance(custom, dict)
            custom[name.removeprefix(_CUSTOM)] = value
        elif name in ("languages", "tags", "interests", "skills"):
            body[name] = value or []
        else:
            body[name] = value
    return body


def _keep_others(body: dict[str, object], name: str, by: str, before: Sequence[Record]) -> None:
    """Of the ways in which somebody is reached a CRM has the first; the others stay."""
    first = body.get(name)
    if isinstance(first, list):
        same = {each[by] for each in first}
        body[name] = [*first, *({by: each[by]} for each in before[1:] if each[by] not in same)]


async def _ask(
    parts: Parts, purposed: Purposed, method: str, path: str, body: object = None, version: int | None = None
) -> UpstreamResponse:
    doing = Principal(purposed.connection, purposed.movement, _SCOPES, origin=purposed.connection)
    headers = [("authorization", f"Bearer {sign(doing, 'members', parts.secrets)}")]
    if body is not None:
        headers.append(("content-type", "application/json"))
    if version is not None:
        headers.append(("if-match", f'"{version}"'))
    answer = await parts.upstreams["members"].request(
        method,
        path,
        headers=headers,
        body=None if body is None else msgspec.json.encode(body),
        deadline=clock.timestamp() + _LONGEST_SECONDS,
    )
    if answer.status < 300:
        return answer
    if answer.status == 412:
        raise ChangedMeanwhile
    if answer.status >= 500 or answer.status in (401, 408, 429):
        raise Unavailable(f"members answered {answer.status}")
    raise NotTaken(msgspec.json.decode(answer.body, type=_Problem).code)
