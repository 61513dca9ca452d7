"""The wall between movements, tried at every route of the document with what another movement really has.

One movement has something of nearly every kind. Another one's admin, who may do all that a user may, names it in paths,
in filters and in bodies, and reads every list, export, search, composed page and the feed.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from services.gateway.access import scopes
from services.gateway.examples import NoExample
from tests.suite.connecting import connect
from tests.suite.everything import Document, Everything, is_sealed, kind_of
from tests.suite.processes import KEY, Suite, embedded
from tests.suite.story import CANARIES, post, tell

_SHARED = ("/v1/places", "/v1/commons", "/v1/openapi.json", "/v1/asyncapi.json", "/v1/client.py", "/open/")
"""What all movements share, or a movement shows to anybody."""
_OF_THE_PLATFORM = "/v1/movements"
"""403 for all but platform keys, whatever the id."""
_BY_SIGNATURE = "/v1/hooks/"
"""401 for whoever does not sign as the CRM does, whose movement they are in or not."""
_AGREED = ("/v1/crm-connections", "/v1/mailings/tools")
"""403 where no agreement with an organisation covers what it would get: one that is not there has none."""
_ONCE_ACCESS_HAS_ENDED = "/v1/handovers"
"""Takes a person whom nobody knows, and shows on its list that they are missing: who leaves is out in any case."""
_FEWEST_KINDS = 150
_CRM = {"vendor": "civicrm", "url": "https://crm.example.org", "credentials": {"api_key": "0123456789abcdef"}}


class World(NamedTuple):
    """Two movements of a running suite: what one has, and the tokens of the other's admin and lead of safeguarding."""

    suite: Suite
    theirs: Everything
    words: tuple[str, ...]
    token: str
    lead: str


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Both, made once for all tests of this module, none of which changes what the other movement has."""
    suite = embedded(tmp_path_factory.mktemp("tenancy"))
    try:
        yield asyncio.run(_made(suite))
    finally:
        suite.kill()


async def _made(suite: Suite) -> World:
    await suite.start()
    async with suite.client() as platform:
        for name in ("one", "two"):
            await post(platform, "/v1/movements", {"name": name, "slug": name})
        tokens = [await _user(platform, name, role) for name in ("one", "two") for role in ("admin", "safeguarding")]
        async with _client(suite, tokens[0]) as one, _client(suite, tokens[1]) as lead:
            document = (await one.get("/v1/openapi.json")).json()
            told = await tell(one, platform, "http://127.0.0.1:9/nobody")
            theirs = Everything(document, json.dumps(told.ids))
            theirs.meet((await one.get(await connect(one, _CRM))).text)
            await theirs.make(one)
            await theirs.make_sealed(lead)
            del theirs.ids["key"]  # also whoever acted, such as the platform's key, which acts in every movement
            theirs.meet((await one.get("/v1/api-keys")).text)
    return World(suite, theirs, (told.movement, *CANARIES), *tokens[2:])


async def _user(platform: httpx.AsyncClient, movement: str, role: scopes.Role) -> str:
    """The token of a new user."""
    user = {"email": f"{role}@{movement}.example.org", "name": role, "role": role}
    made = await post(platform, "/v1/users", user, headers={"backbone-movement": movement})
    session = await post(platform, "/v1/sessions", {"email": user["email"], "password": made["password"]})
    return str(session["token"])


def _client(suite: Suite, token: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=suite.url, headers={"authorization": f"Bearer {token}"}, timeout=20)


@pytest.fixture
async def stranger(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """The admin of the second movement."""
    async with _client(world.suite, world.token) as client:
        yield client


@pytest.fixture
async def lead(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """The lead of safeguarding of the second movement, who alone reaches what is sealed."""
    async with _client(world.suite, world.lead) as client:
        yield client


def _operations(document: Document, *methods: str) -> Iterator[tuple[str, str, Document]]:
    for path, operations in document["paths"].items():
        if not path.startswith(_SHARED):
            yield from ((method, path, operations[method]) for method in methods if method in operations)


def _named(world: World, text: str) -> list[str]:
    """What a text names of the other movement."""
    return [each for ids in world.theirs.ids.values() for each in ids if each in text]


def _least(world: World, path: str, operation: Document) -> tuple[dict[str, Any], Any]:
    """The query and the body that a route cannot do without; nothing where the document cannot show them."""
    try:
        return world.theirs.queried(operation), world.theirs.body(path, operation)
    except NoExample:
        return {}, {}


def _refusals(method: str, path: str) -> tuple[int, ...]:
    """How a route refuses what its path names of another movement."""
    if path.startswith(_OF_THE_PLATFORM):
        return (403,)
    if path.startswith(_BY_SIGNATURE):
        return 401, 404
    return (404,) if method in ("get", "delete") else (404, 422)


def _hold_nothing(world: World, answer: httpx.Response, sent: str, where: str) -> None:
    """No id and no word of the other movement is in the answer, but for what was sent."""
    words = [word for word in world.words if word in answer.text]
    leaked = [text for text in (*_named(world, answer.text), *words) if text not in sent]
    assert not leaked, f"{where} shows {leaked}"


def test_there_is_something_of_nearly_every_kind(world: World) -> None:
    assert len(world.theirs.ids) >= _FEWEST_KINDS


async def test_whatever_a_path_names_of_anothers_is_not_there(
    world: World, stranger: httpx.AsyncClient, lead: httpx.AsyncClient
) -> None:
    """404 and not 403, for reading and for every change; a body that is faulty besides may be told of that first."""
    wrong, asked = [], 0
    for method, path, operation in _operations(world.theirs.document, "get", "post", "put", "patch", "delete"):
        target = world.theirs.filled(path, operation)
        if not _named(world, target):
            continue
        query, body = _least(world, path, operation)
        asking = lead if is_sealed(operation) else stranger
        answer = await asking.request(method, target, params=query, json=body, headers={"if-match": "*"})
        _hold_nothing(world, answer, f"{target} {query} {body}", f"{method} {target}")
        if answer.status_code not in _refusals(method, path):
            wrong.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        asked += 1
    assert not wrong, "\n".join(wrong)
    assert asked > 650


async def test_a_filter_by_anothers_id_finds_nothing(world: World, stranger: httpx.AsyncClient) -> None:
    asked = 0
    for _, path, operation in _operations(world.theirs.document, "get"):
        for parameter in operation.get("parameters", ()) if "{" not in path else ():
            schema = parameter.get("schema", {})
            kind = next(filter(None, map(kind_of, (schema, *schema.get("anyOf", ()), schema.get("items", {})))), None)
            if parameter.get("in") == "query" and kind is not None and world.theirs.ids.get(kind):
                query = world.theirs.queried(operation) | {parameter["name"]: world.theirs.one(kind)}
                answer = await stranger.get(path, params=query)
                where = f"{path}?{query}: {answer.status_code} {answer.text[:300]}"
                _hold_nothing(world, answer, str(query), where)
                assert answer.status_code in (200, 404, 422), where
                asked += 1
    assert asked > 50


async def test_nothing_of_anothers_is_in_any_list_export_search_or_composed_page(
    world: World, stranger: httpx.AsyncClient
) -> None:
    asked = 0
    for _, path, operation in _operations(world.theirs.document, "get"):
        if "{" not in path:
            words = {"q": "zebedee"} if path == "/v1/search" else {}
            query = world.theirs.queried(operation) | words
            answer = await stranger.get(path, params=query)
            _hold_nothing(world, answer, str(query), path)
            asked += 1
    assert asked > 100


async def test_what_a_body_names_of_anothers_is_unknown(world: World, stranger: httpx.AsyncClient) -> None:
    """Nothing is made with another's id in it."""
    wrong, asked = [], 0
    for method, path, operation in _operations(world.theirs.document, "post", "put"):
        query, body = _least(world, path, operation)
        sent = json.dumps([query, body])
        if "{" not in path and _named(world, sent):
            answer = await stranger.request(method, path, params=query, json=body)
            _hold_nothing(world, answer, sent, f"{method} {path}")
            refused = (404, 422, 403) if path in _AGREED else (404, 422)
            if answer.status_code not in refused and path != _ONCE_ACCESS_HAS_ENDED:
                wrong.append(f"{method} {path} {sent}: {answer.status_code} {answer.text[:300]}")
            asked += 1
    assert not wrong, "\n".join(wrong)
    assert asked > 50


async def test_the_feed_and_the_overview_are_of_ones_own_movement(world: World, stranger: httpx.AsyncClient) -> None:
    await post(stranger, "/v1/sign-ups", {"person": {"given_name": "Ada"}})
    page: dict[str, Any] = (await stranger.get("/v1/events", params={"wait": 5, "limit": 200})).json()
    assert {event["movement"] for event in page["data"]} == {(await stranger.get("/v1/me")).json()["movement"]["id"]}
    async with httpx.AsyncClient(base_url=world.suite.url, headers={"authorization": f"Bearer {KEY}"}) as platform:
        own = (await platform.get("/v1/events", headers={"backbone-movement": "one"}, params={"limit": 200})).json()
    assert len(own["data"]) > len(page["data"])
    for event in own["data"]:
        traced = await stranger.get(f"/v1/trace/{event['id']}")
        assert traced.status_code == 404, traced.text
