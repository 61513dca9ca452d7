"""Routes that are looked into when first asked for, and found by their noun."""

from operator import attrgetter
from typing import Annotated

import httpx
import pytest
from fastapi import FastAPI, Query
from pydantic import BaseModel

from shared.routing import ByNoun, LateRoute, Router


class _Thing(BaseModel):
    name: str


def _routers() -> tuple[Router, Router]:
    things, openly = Router(prefix="/v1/things", tags=["Things"]), Router(prefix="/open/{movement}")

    @things.post("", status_code=201, response_model=_Thing)
    async def make_thing(body: _Thing, twice: Annotated[bool, Query()] = False) -> _Thing:
        return _Thing(name=body.name * (2 if twice else 1))

    @things.get("/{thing}")
    async def read_thing(thing: str) -> dict[str, str]:
        return {"thing": thing}

    @openly.get("/things")
    async def read_openly(movement: str) -> dict[str, str]:
        return {"movement": movement}

    return things, openly


def _is_made(route: object) -> bool:
    return "dependant" in vars(route)


async def _asked(method: str, path: str, json: object = None) -> httpx.Response:
    app = FastAPI()
    routes = ByNoun([route for router in _routers() for route in router.routes])
    app.router.default = routes  # within an application, which turns what is not found into an answer
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://things") as client:
        return await client.request(method, path, json=json)


@pytest.mark.parametrize(
    ("method", "path", "status", "answer"),
    [
        ("GET", "/v1/things/7", 200, {"thing": "7"}),
        ("GET", "/open/ours/things", 200, {"movement": "ours"}),
        ("GET", "/v1/other", 404, None),
        ("GET", "/", 404, None),
        ("GET", "/v1", 404, None),
        ("DELETE", "/v1/things/7", 405, None),
    ],
)
async def test_a_request_is_found_by_its_noun(method: str, path: str, status: int, answer: object) -> None:
    answered = await _asked(method, path)
    assert answered.status_code == status
    assert answer is None or answered.json() == answer


async def test_a_late_route_answers_as_any_other() -> None:
    made = await _asked("POST", "/v1/things?twice=true", json={"name": "a"})
    assert (made.status_code, made.json()) == (201, {"name": "aa"})
    assert (await _asked("POST", "/v1/things", json={"name": 7})).status_code == 422


def test_a_route_is_made_when_something_first_needs_it() -> None:
    things, _ = _routers()
    make, read = things.routes
    assert isinstance(make, LateRoute)
    assert (make.path, make.methods, make.name) == ("/v1/things", {"POST"}, "make_thing")
    assert not _is_made(make)
    assert make.status_code == 201
    assert make.unique_id == "make_thing"
    assert _is_made(make)
    assert not _is_made(read)


def test_what_no_route_has_is_an_error_and_not_a_search_without_end() -> None:
    things, _ = _routers()
    with pytest.raises(AttributeError, match="colour"):
        attrgetter("colour")(things.routes[0])
