"""A caller of one service: over ASGI, with the internal token by which the gateway vouches for callers."""

from collections.abc import Callable, Generator
from types import TracebackType
from typing import Any, ClassVar, Self

import httpx
from fastapi import FastAPI

from shared.auth import SEALED, Principal, sign
from shared.ids import new_id
from shared.needs import scopes
from shared.secrets import Secrets
from shared.testing.outbox import told

Json = dict[str, Any]


class InternalToken(httpx.Auth):
    """Signs each request as the gateway does, for one service (`audience`)."""

    def __init__(self, principal: Principal, audience: str, secrets: Secrets) -> None:
        self._principal = principal
        self._audience = audience
        self._secrets = secrets

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["authorization"] = f"Bearer {sign(self._principal, self._audience, self._secrets)}"
        yield request


class Caller:
    """Calls a service within one movement; what is to succeed asserts that it does, and answers the JSON.

    A service's tests derive their own, with the steps that most of them begin with. `secrets` are the gateway's. Unless
    it is said otherwise, the caller has a platform key that may do everything.
    """

    service: ClassVar[str]

    def __init__(
        self,
        app: FastAPI,
        secrets: Secrets,
        movement: str,
        scopes: frozenset[str] = frozenset("*"),
        *,
        user: str | None = None,
        organisation: str | None = None,
        person: str | None = None,
    ) -> None:
        self.app = app
        self.movement = movement
        principal = Principal(new_id("key"), movement, scopes, organisation, user, platform=True, person=person)
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app),
            base_url=f"http://{self.service}",
            auth=InternalToken(principal, self.service, secrets),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.client.aclose()

    async def get(self, path: str, **parameters: str | int | list[str]) -> Json:
        return json_of(await self.client.get(path, params=parameters), 200)

    async def every(self, path: str, **parameters: str | int) -> list[Json]:
        """All of a list, page after page."""
        page = await self.get(path, **parameters)
        found: list[Json] = page["data"]
        while page["next_cursor"]:
            page = await self.get(path, **parameters, cursor=page["next_cursor"])
            found += page["data"]
        return found

    async def post(self, path: str, body: object = None, *, status: int | None = None) -> Json:
        """Post what must be taken, with this status or (None) any that says so."""
        answered = await self.client.post(path, json=body)
        assert answered.is_success, answered.text
        return json_of(answered, status or answered.status_code)

    async def refused(
        self, path: str, body: object = None, *, method: str = "POST", **parameters: str
    ) -> tuple[int, Json]:
        """Send what must be refused; the status and the problem."""
        answered = await self.client.request(method, path, json=body, params=parameters or None)
        assert answered.headers["content-type"] == "application/problem+json", answered.text
        return answered.status_code, json_of(answered, answered.status_code)

    async def published(self, *keys: str) -> list[tuple[str, Json]]:
        """The events of this movement about some subjects (none named: about all), in order: type and payload."""
        events = await told(self.app, self.movement)
        return [(event.type, event.payload) for event in events if not keys or event.key in keys]


async def assert_each_route_needs_its_scope(app: FastAPI, caller: Callable[[frozenset[str]], Caller]) -> None:
    """Whoever has every scope of the service but a route's own is refused there, and told which one it is; of what is
    sealed, they are told that it is not there."""
    declared = scopes(app)
    for route, scope in declared.items():
        method, path = route.split()
        async with caller(frozenset(other for other in declared.values() if other and other != scope)) as lacking:
            status, problem = await lacking.refused(path, method=method)
        sealed = scope is not None and scope.partition(":")[0] in SEALED
        assert (status, problem.get("scope")) == ((404, None) if sealed else (403, scope)), route


def faults(problem: Json) -> dict[str, str]:
    """The faults of a problem: pointer and code."""
    return {fault["pointer"]: fault["code"] for fault in problem["errors"]}


def json_of(answered: httpx.Response, status: int) -> Json:
    """The JSON object that was answered, with this status."""
    assert answered.status_code == status, answered.text
    body = answered.json()
    assert isinstance(body, dict)
    return body
