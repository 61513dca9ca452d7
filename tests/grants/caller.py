"""A caller of the grants service in one movement, and the steps that most tests begin with."""

from collections.abc import Generator, Mapping
from typing import Any

import httpx
from fastapi import FastAPI

from shared.auth import Principal, sign
from shared.secrets import Secrets

Json = dict[str, Any]


class _InternalToken(httpx.Auth):
    """Signs each request as the gateway does."""

    def __init__(self, principal: Principal, secrets: Secrets) -> None:
        self._principal = principal
        self._secrets = secrets

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["authorization"] = f"Bearer {sign(self._principal, 'grants', self._secrets)}"
        yield request


class Caller:
    """Calls the service over ASGI; the steps assert that they succeed and answer the JSON."""

    def __init__(self, app: FastAPI, secrets: Secrets, movement: str, scopes: frozenset[str] = frozenset("*")) -> None:
        self.movement = movement
        principal = Principal(id="key_of_a_test", movement=movement, scopes=scopes)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://grants", auth=_InternalToken(principal, secrets)
        )

    async def get(self, path: str, **parameters: str | int) -> Json:
        answered = await self.client.get(path, params=parameters)
        assert answered.status_code == 200, answered.text
        return _object(answered)

    async def post(self, path: str, body: Mapping[str, object] | None = None) -> Json:
        answered = await self.client.post(path, json=body)
        assert answered.is_success, answered.text
        return _object(answered)

    async def refused(self, path: str, body: Mapping[str, object] | None = None) -> tuple[int, Json]:
        """Post what must be refused; the status and the problem."""
        answered = await self.client.post(path, json=body)
        assert answered.headers["content-type"] == "application/problem+json", answered.text
        return answered.status_code, _object(answered)

    async def fund(self, cleared: str = "20000.00", currency: str = "GBP") -> str:
        """A fund with so much cleared; its id."""
        purpose = {"name": "Movement fund", "grant_maker": "Action Together", "purpose": "Being active"}
        made = await self.post("/v1/funds", {**purpose, "currency": currency})
        amount = gbp(cleared) | {"currency": currency}
        contribution = {"funder": "Sport England", "promised": amount, "cleared": amount}
        await self.post(f"/v1/funds/{made['id']}/contributions", contribution)
        return str(made["id"])

    async def draft(self, fund: str, budget: str = "20000.00", **rules: object) -> str:
        """A drafted round of the fund; its id."""
        made = await self.post("/v1/rounds", {"fund": fund, "title": "Seeds", "budget": gbp(budget), **rules})
        return str(made["id"])

    async def open_round(self, budget: str = "20000.00", **rules: object) -> str:
        """An open round of a fund that has just its budget; its id."""
        drafted = await self.draft(await self.fund(cleared=budget), budget, **rules)
        await self.post(f"/v1/rounds/{drafted}/open")
        return drafted

    async def application(self, round_id: str, amount: str = "500.00") -> str:
        """An application to the round; its id."""
        return str((await self.post("/v1/applications", asking(round_id, amount)))["id"])

    async def award(self, application: str, amount: str = "500.00") -> str:
        """An award offered to the application; its id."""
        return str((await self.post("/v1/awards", {"application": application, "amount": gbp(amount)}))["id"])


def gbp(amount: str) -> Json:
    """So much in pounds, as the API writes it."""
    return {"amount": amount, "currency": "GBP"}


def asking(round_id: str, amount: str = "500.00", **other: object) -> Json:
    """The body of an application."""
    answer = {"group_name": "Knit and natter", "summary": "Wool and a warm room", "amount": gbp(amount)}
    return {"round": round_id, **answer, **other}


def _object(answered: httpx.Response) -> Json:
    body = answered.json()
    assert isinstance(body, dict)
    return body
