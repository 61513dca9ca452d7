"""What a query may say of any route: its own parameters, and which fields of the answer are wanted."""

from typing import Annotated, Literal

import httpx
import pytest
from fastapi import Depends, Query
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from pydantic import AwareDatetime, Field

from shared.asgi import Edge, Limits
from shared.fields import Body, View
from shared.pages import Page
from shared.routing import ByNoun, Router


class _Cat(View):
    id: str
    lives: int


class _Dog(View):
    id: str
    tricks: list[str]


class _Filter(Body):
    kind: Literal["cat", "dog"] | None = None
    updated_since: AwareDatetime | None = None
    after: Annotated[str | None, Field(alias="cursor")] = None


async def _voice(loud: Annotated[bool, Query()] = False) -> bool:
    return loud


def _app() -> Edge:
    router = Router()

    @router.get("/v1/pets", response_model=Page[_Cat | _Dog])
    async def pets(filtered: Annotated[_Filter, Query()]) -> Page[_Cat | _Dog]:
        found: list[_Cat | _Dog] = [_Cat(id="cat_1", lives=9), _Dog(id="dog_1", tricks=[])]
        return Page(
            data=[each for each in found if each.id.startswith(filtered.kind or "")], next_cursor=filtered.after
        )

    @router.get("/v1/pets/{pet}", response_model=_Cat)
    async def pet(pet: str, loud: Annotated[bool, Depends(_voice)]) -> _Cat:
        return _Cat(id=pet.upper() if loud else pet, lives=9)

    @router.post("/v1/pets", status_code=201, response_model=_Cat)
    async def adopt(body: _Cat) -> _Cat:
        return body

    @router.get("/open/{movement}/pets", response_model=_Cat)
    async def openly(movement: str) -> _Cat:
        return _Cat(id=movement, lives=1)

    edge = Limits(60, 1000)
    return Edge(AsyncExitStackMiddleware(ByNoun(router.routes)), service="pets", limits=edge, uploads=edge)


async def _asked(method: str, path: str, json: object = None) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(_app()), base_url="http://pets") as client:
        return await client.request(method, path, json=json)


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/v1/pets/a?fields=id", {"id": "a"}),
        ("/v1/pets/a?fields=id,%20lives", {"id": "a", "lives": 9}),
        ("/v1/pets/a?fields=id&fields=lives", {"id": "a", "lives": 9}),
        ("/v1/pets/a?loud=yes&fields=id", {"id": "A"}),
        ("/v1/pets?fields=lives", {"data": [{"lives": 9}, {}], "next_cursor": None}),
        ("/v1/pets?kind=dog&fields=id,tricks&cursor=a%2Fb", {"data": [{"id": "dog_1", "tricks": []}],
                                                            "next_cursor": "a/b"}),
        ("/v1/pets?kind=dog&fields=id&cursor=%C5%81%C3%A9", {"data": [{"id": "dog_1"}], "next_cursor": "Łé"}),
        ("/v1/pets?kind=dog&fields=id&cursor=%C3", {"data": [{"id": "dog_1"}], "next_cursor": "\ufffd"}),
        ("/v1/pets?updated_since=2026-11-22T09:30:00%2B01:00&fields=id", {"data": [{"id": "cat_1"}, {"id": "dog_1"}],
                                                                         "next_cursor": None}),
        ("/open/here/pets?utm_source=letter", {"id": "here", "lives": 1}),
    ],
)  # fmt: skip
async def test_only_the_fields_that_are_wanted_are_answered(path: str, answer: object) -> None:
    answered = await _asked("GET", path)
    assert (answered.status_code, answered.json()) == (200, answer)
    assert int(answered.headers["content-length"]) == len(answered.content)


@pytest.mark.parametrize(
    ("method", "path", "faults"),
    [
        ("GET", "/v1/pets/a?fields=name", [("?fields", "unknown_field")]),
        ("GET", "/v1/pets?fields=data", [("?fields", "unknown_field")]),
        ("GET", "/v1/pets?fields=", [("?fields", "empty_field")]),
        ("GET", "/v1/pets?fields=id,", [("?fields", "empty_field")]),
        ("GET", "/v1/pets?colour=red&fields=id,x,y",
         [("?colour", "unknown_parameter"), ("?fields", "unknown_field"), ("?fields", "unknown_field")]),
        ("GET", "/v1/pets?Kind=dog", [("?Kind", "unknown_parameter")]),
        ("POST", "/v1/pets?fields=id", [("?fields", "unknown_parameter")]),
        ("POST", "/v1/pets?dry_run=true", [("?dry_run", "unknown_parameter")]),
    ],
)  # fmt: skip
async def test_a_field_or_a_parameter_that_there_is_not_is_named(
    method: str, path: str, faults: list[tuple[str, str]]
) -> None:
    answered = await _asked(method, path, {"id": "a", "lives": 9} if method == "POST" else None)
    assert answered.status_code == 422, answered.text
    assert [(fault["pointer"], fault["code"]) for fault in answered.json()["errors"]] == faults
