"""Every route that shows people says what for, and shows nobody who does not permit that.

A new route that answers with somebody's id or name declares `shows=`, and gets an address in :mod:`.everywhere`.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import Any

from fastapi import FastAPI

from services.members.trust.purposes.standard import STANDARD
from shared.needs import purposes
from shared.testing.service import ON_ONE_DATABASE
from shared.uses import WITHOUT_ASKING
from tests.members.caller import Caller
from tests.members.trust.everywhere import planted

Schema = Mapping[str, Any]
NAMES = {"given_name", "family_name", "known_as"}
A_PERSONS_ID = "^person_"

NAMED_BY_OTHERS = {
    "/v1/gatherings/{gathering}/safety": "who leads is named in the plan of a gathering, which is not about them",
    "/v1/bookings/{booking}/calendar": "it says what is booked, and not who did",
    "/v1/connections/waiting": "a case is on it once it has waited for weeks; it is one of /v1/connections",
    "/v1/agenda": "who shaped a version is named in it, which is not about them",
    "/v1/agenda/current": "the same",
    "/v1/agenda/{agenda}": "the same",
    "/v1/time-credits": "a transfer has two sides, and the balance of either is the sum of all that it was a side of",
    "/v1/time-credits/{transfer}": "the same",
    "/v1/network/changes": "two of the networks that /v1/network draws",
}
"""Routes by which the sweep does not find somebody, and why."""


def shows_people(schema: Schema, named: Mapping[str, Schema], seen: frozenset[str] = frozenset()) -> bool:
    """Whether an answer of this schema has somebody's id or name in it."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return name not in seen and shows_people(named[name], named, seen | {name})
    if schema.get("pattern", "").startswith(A_PERSONS_ID) or NAMES & set(schema.get("properties", {})):
        return True
    return any(shows_people(part, named, seen) for part in _parts(schema))


def _parts(schema: Schema) -> Iterator[Schema]:
    for several in ("anyOf", "oneOf", "allOf", "prefixItems"):
        yield from schema.get(several, [])
    yield from schema.get("properties", {}).values()
    yield from (schema[one] for one in ("items", "additionalProperties") if isinstance(schema.get(one), dict))


def reading(app: FastAPI) -> Iterator[tuple[str, Schema]]:
    """Each route that reads, and what it answers by its media type."""
    for path, operations in app.openapi()["paths"].items():
        for method, operation in operations.items():
            if method == "get":
                answers = (answer for code, answer in operation["responses"].items() if code.startswith("2"))
                yield path, {kind: what for answer in answers for kind, what in answer.get("content", {}).items()}


@ON_ONE_DATABASE
async def test_each_route_that_shows_people_says_what_for(app: FastAPI) -> None:
    named = app.openapi()["components"]["schemas"]
    declared = purposes(app)
    silent = [
        path
        for path, answers in reading(app)
        if declared[f"GET {path}"] is None
        and any(shows_people(each.get("schema", {}), named) for each in answers.values())
    ]
    assert not silent, "declare what these show people for: needs(…, shows=…)"
    unknown = {purpose for purpose in declared.values() if purpose} - STANDARD.keys() - WITHOUT_ASKING
    assert not unknown, "these are no purposes of services/members/trust/purposes/standard.py"


async def test_nobody_is_shown_on_any_route_for_a_purpose_that_they_refuse(app: FastAPI, members: Caller) -> None:
    people, addresses = await planted(members)
    declared = {route.removeprefix("GET "): purpose for route, purpose in purposes(app).items() if "GET" in route}
    sweep = {path: purpose for path, purpose in declared.items() if purpose and purpose not in WITHOUT_ASKING}
    assert sweep.keys() - addresses.keys() - NAMED_BY_OTHERS.keys() == set(), "plant somebody where these show them"
    asked = sweep.keys() & addresses.keys()
    missed = [path for path in asked if not await shown(members, addresses[path], people)]
    assert not missed, "the sweep finds nobody there"
    for purpose, person in product(set(sweep.values()), people):
        for channel in ("record", "publication"):
            said = {"purpose": purpose, "channel": channel, "decision": "refused"}
            await members.post(f"/v1/people/{person}/permissions", said)
    still = [path for path in asked if await shown(members, addresses[path], people)]
    assert not still, "these show somebody who refused it"
    for person in people:
        assert await shown(members, f"/v1/people/{person}", {person})


async def shown(members: Caller, address: str, people: Collection[str]) -> set[str]:
    """Those of the people whom a route shows, whatever it answers; nobody where it knows of nothing there."""
    answered = await members.client.get(address)
    assert answered.status_code in (200, 404), answered.text
    return {person for person in people if answered.status_code == 200 and person in answered.text}
