"""A caller of the members service in one movement, and the steps that most tests begin with."""

from collections.abc import Generator, Sequence
from datetime import date
from typing import Any

import httpx
import msgspec
import sqlalchemy as sa
from fastapi import FastAPI

from shared.auth import Principal, sign
from shared.db import Session
from shared.db.infrastructure import outbox
from shared.secrets import Secrets

Json = dict[str, Any]


class _InternalToken(httpx.Auth):
    """Signs each request as the gateway does."""

    def __init__(self, principal: Principal, secrets: Secrets) -> None:
        self._principal = principal
        self._secrets = secrets

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["authorization"] = f"Bearer {sign(self._principal, 'members', self._secrets)}"
        yield request


class Caller:
    """Calls the service over ASGI; the steps assert that they succeed and answer the JSON."""

    def __init__(self, app: FastAPI, secrets: Secrets, principal: Principal) -> None:
        self.app = app
        self.movement = principal.movement
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://members", auth=_InternalToken(principal, secrets)
        )

    async def get(self, path: str, **parameters: str | int) -> Json:
        answered = await self.client.get(path, params=parameters)
        assert answered.status_code == 200, answered.text
        return _object(answered)

    async def post(self, path: str, body: object = None, *, status: int = 201) -> Json:
        answered = await self.client.post(path, json=body)
        assert answered.status_code == status, answered.text
        return _object(answered)

    async def refused(self, path: str, body: object = None) -> tuple[int, Json]:
        """Post what must be refused; the status and the problem."""
        answered = await self.client.post(path, json=body)
        assert answered.headers["content-type"] == "application/problem+json", answered.text
        return answered.status_code, _object(answered)

    async def sign_up(self, given_name: str = "Ada", *, status: int = 201, **other: object) -> Json:
        """What the sign-up made; ``other`` are further parts of it, and ``person`` adds to the person."""
        person = {"given_name": given_name} | _part(other.pop("person", {}))
        return await self.post("/v1/sign-ups", {"person": person, **other}, status=status)

    async def person(self, given_name: str = "Ada", **about: object) -> str:
        """The id of somebody who just signed up."""
        return str((await self.sign_up(given_name, person=about))["person"])

    async def did(self, person: str, *days: date, kind: str = "walk", **other: object) -> None:
        """Record that the person did something of a kind on each of the days, in one request."""
        each = [{"person": person, "kind": kind, "on": on.isoformat(), **other} for on in days]
        await self.post("/v1/activities", each)

    async def ladder(self, person: str) -> Json:
        """Where the person stands."""
        return await self.get(f"/v1/people/{person}/ladder")

    async def funnel(self) -> dict[str, int]:
        """How many people stand on each rung."""
        return {rung["rung"]: rung["people"] for rung in (await self.get("/v1/ladder"))["rungs"]}

    async def published(self, *keys: str) -> list[tuple[str, Json]]:
        """The events of this movement about some subjects (none named: about all), in order: type and payload."""

        def query(session: Session) -> Sequence[Any]:
            rows = sa.select(outbox.c.type, outbox.c.payload).where(outbox.c.movement == self.movement)
            if keys:
                rows = rows.where(outbox.c.key.in_(keys))
            return session.execute(rows.order_by(outbox.c.id)).all()

        return [(type_, msgspec.json.decode(payload)) for type_, payload in await self.app.state.parts.db.read(query)]


def faults(problem: Json) -> dict[str, str]:
    """The faults of a problem: pointer and code."""
    return {fault["pointer"]: fault["code"] for fault in problem["errors"]}


def _part(value: object) -> dict[str, object]:
    assert isinstance(value, dict)
    return value


def _object(answered: httpx.Response) -> Json:
    body = answered.json()
    assert isinstance(body, dict)
    return body
