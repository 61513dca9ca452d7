"""A caller of the measures service in one movement, and the steps that most tests begin with."""

from collections.abc import Generator
from typing import Any

import httpx
from fastapi import FastAPI

from shared.auth import Principal, sign
from shared.secrets import Secrets

Json = dict[str, Any]

PLACES = """code,name,kind,valid_from,valid_to
E07000080,Forest of Dean,District,,
E07000078,Cheltenham,District,,
E07000026,Allerdale,District,,2023-03-31
E06000063,Cumberland,UA,2023-04-01,
"""
PERCENT: Json = {"kind": "ratio", "unit": "percent", "period_type": "survey_year"}


class _InternalToken(httpx.Auth):
    """Signs each request as the gateway does."""

    def __init__(self, principal: Principal, secrets: Secrets) -> None:
        self._principal = principal
        self._secrets = secrets

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["authorization"] = f"Bearer {sign(self._principal, 'measures', self._secrets)}"
        yield request


class Caller:
    """Calls the service over ASGI; the steps assert that they succeed and answer the JSON."""

    def __init__(
        self,
        app: FastAPI,
        secrets: Secrets,
        movement: str,
        scopes: frozenset[str] = frozenset("*"),
        organisation: str | None = None,
    ) -> None:
        self.movement = movement
        principal = Principal(id="key_of_a_test", movement=movement, scopes=scopes, organisation=organisation)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://measures", auth=_InternalToken(principal, secrets)
        )

    async def get(self, path: str, **parameters: str | int) -> Json:
        return _object(await self.client.get(path, params=parameters), 200)

    async def every(self, path: str, **parameters: str | int) -> list[Json]:
        """All of a list, page after page."""
        found: list[Json] = []
        page = await self.get(path, **parameters)
        found += page["data"]
        while page["next_cursor"]:
            page = await self.get(path, **parameters, cursor=page["next_cursor"])
            found += page["data"]
        return found

    async def post(self, path: str, body: Json | None = None) -> Json:
        answered = await self.client.post(path, json=body)
        return _object(answered, answered.status_code if answered.is_success else 200)

    async def refused(self, method: str, path: str, body: Json | None = None, **parameters: str) -> tuple[int, Json]:
        """What must be refused; the status and the problem."""
        answered = await self.client.request(method, path, json=body, params=parameters or None)
        assert answered.headers["content-type"] == "application/problem+json", answered.text
        return answered.status_code, _object(answered, answered.status_code)

    async def send(self, path: str, file: str | bytes, key: str = "", **parameters: str) -> httpx.Response:
        """Send a CSV file."""
        headers = {"content-type": "text/csv"} | ({"idempotency-key": key} if key else {})
        content = file if isinstance(file, bytes) else file.encode()
        return await self.client.post(path, content=content, params=parameters, headers=headers)

    async def places(self, file: str | bytes = PLACES, **parameters: str) -> Json:
        """Import places."""
        return _object(await self.send("/v1/places/imports", file, **parameters), 201)

    async def version(self, key: str = "inactive_adults", **definition: object) -> tuple[str, str]:
        """A measure with one published version; both ids."""
        measure = (await self.post("/v1/measures", {"key": key, "title": "Inactive adults"}))["id"]
        version = (await self.post(f"/v1/measures/{measure}/versions", PERCENT | definition))["id"]
        await self.post(f"/v1/measures/{measure}/versions/{version}/publish")
        return measure, version

    async def figures(self, version: str, file: str | bytes, **parameters: str) -> Json:
        """Import figures."""
        return _object(await self.figures_sent(version, file, **parameters), 201)

    async def figures_sent(self, version: str, file: str | bytes, key: str = "", **parameters: str) -> httpx.Response:
        """Send a file of figures; whatever is answered."""
        return await self.send("/v1/observations/imports", file, key, measure_version=version, **parameters)

    async def series(self, measure: str, place: str = "E07000080", **parameters: str) -> Json:
        return await self.get(f"/v1/measures/{measure}/series", place=place, **parameters)

    async def points(self, measure: str, place: str = "E07000080", **parameters: str) -> list[Json]:
        """The points of a series."""
        points: list[Json] = (await self.series(measure, place, **parameters))["points"]
        return points


def rows(*lines: str, header: str = "place,period,value") -> str:
    """A CSV file of these lines."""
    return "\n".join((header, *lines)) + "\n"


def _object(answered: httpx.Response, status: int) -> Json:
    assert answered.status_code == status, answered.text
    body = answered.json()
    assert isinstance(body, dict)
    return body
