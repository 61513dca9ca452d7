"""A running gateway in a test, and callers of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from services.gateway.access.api_keys.use import KeyUse
from services.gateway.access.bootstrap import FirstStart
from shared.parts import Parts
from tests.gateway.standin import StandIn

Json = dict[str, Any]

ON_ONE_DATABASE = pytest.mark.parametrize("gateway_url", ["sqlite"], indirect=True)
"""For what rests on no SQL that differs between the databases, and on no lock."""


@dataclass(frozen=True)
class Caller:
    """Somebody with a token; without one, somebody unknown."""

    client: httpx.AsyncClient
    token: str | None = None
    headers: Mapping[str, str] | None = None

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        """One request."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= dict(self.headers or {}) | options.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """GET."""
        return await self.ask("GET", path, **options)

    async def post(self, path: str, json: Json, **options: Any) -> httpx.Response:
        """POST a JSON body."""
        return await self.ask("POST", path, json=json, **options)

    async def delete(self, path: str) -> httpx.Response:
        """DELETE."""
        return await self.ask("DELETE", path)

    async def made(self, path: str, json: Json) -> Json:
        """POST what must be accepted, and answer what came of it."""
        answer = await self.post(path, json)
        assert answer.status_code == 201, answer.text
        body: Json = answer.json()
        return body

    def carrying(self, **headers: str) -> "Caller":
        """The same caller, sending these headers as well (`backbone_movement` for Backbone-Movement)."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Caller(self.client, self.token, {**(self.headers or {}), **named})


@dataclass(frozen=True)
class Gateway:
    """A gateway with one movement, an admin and a platform key, and stand-ins for the other services."""

    app: FastAPI
    client: httpx.AsyncClient
    first: FirstStart
    standins: Mapping[str, StandIn]

    @property
    def parts(self) -> Parts:
        """What it runs on."""
        parts: Parts = self.app.state.parts
        return parts

    @property
    def key_use(self) -> KeyUse:
        """The uses of keys that it has not written yet."""
        use: KeyUse = self.app.state.key_use
        return use

    @property
    def stranger(self) -> Caller:
        """Somebody without a credential."""
        return Caller(self.client)

    @property
    def platform(self) -> Caller:
        """The first platform key."""
        return Caller(self.client, self.first.key)

    def holding(self, token: str) -> Caller:
        """Whoever has this token."""
        return Caller(self.client, token)

    async def key(self, *scopes: str, by: Caller | None = None, **more: Any) -> Caller:
        """Somebody with a new key of the movement, with these scopes."""
        made = await (by or self.platform).made("/v1/api-keys", {"name": "A key", "scopes": list(scopes), **more})
        return self.holding(made["token"])

    async def admin(self) -> Caller:
        """The first admin, signed in."""
        signed_in = await self.stranger.made(
            "/v1/sessions", {"email": self.first.email, "password": self.first.password}
        )
        return self.holding(signed_in["token"])

    async def other_movement(self, name: str = "Another movement") -> Caller:
        """The platform key acting for a second movement."""
        made = await self.platform.made("/v1/movements", {"name": name})
        return self.platform.carrying(backbone_movement=made["id"])
