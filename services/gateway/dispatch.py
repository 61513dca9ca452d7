"""What every request meets first, in plain ASGI: who is calling, how often, and whose it is to answer.

Forwarded requests never enter FastAPI: they go to the service that owns the noun with an internal token in place of
the caller's, and its answer comes back as it is. The gateway's own routes find the principal in the exchange.
"""

import time
from collections.abc import Iterable

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute

from services.gateway.access.admission import Admission
from services.gateway.access.api_keys.use import KeyUse
from services.gateway.access.authentication import MovementNotChosen
from services.gateway.access.callers import leave
from services.gateway.forward import forward
from services.gateway.health import SuiteHealth
from services.gateway.hooks import PREFIX as HOOKS
from services.gateway.hooks import HookDoor
from services.gateway.limits import Header, Limits
from services.gateway.nouns import SEALED, service_of
from services.gateway.public import PREFIX, PublicDoor
from services.gateway.unsigned import caller_of
from shared.asgi import UNTOLD, ASGIApp, Receive, Scope, Send, exchange_of
from shared.parts import Parts

_OPEN = frozenset(
    {
        ("POST", "/v1/sessions"), ("POST", "/v1/oauth/token"),
        ("GET", "/v1/openapi.json"), ("GET", "/v1/asyncapi.json"), ("GET", "/v1/client.py"),
    }
)  # fmt: skip
"""What is answered without a credential."""

_CALLED_BY_CRMS = "/v1/hooks/"
"""What CRMs call: they are known by what they sign, and whose it is follows from the connection in the path."""

_WITHOUT_MOVEMENT = frozenset({"movements", "me"})
"""What a platform key may ask without naming one of several movements."""

_OF_THE_PLATFORM = "movements"
"""Stands in no movement, whichever the key named: else a repeated creation of the second one would look new."""


class Dispatcher:
    """Stands between the edge and the routes of the gateway.

    It calls a `direct` route's endpoint itself: one that takes the whole request, `async (Request) -> Response`, needs
    nothing of FastAPI, which would find the route and solve its dependencies at the price of two forwarded requests.
    With a query it goes the long way, where it is held to the parameters that there are.
    """

    def __init__(self, inner: ASGIApp, app: FastAPI, use: KeyUse, limits: Limits, direct: Iterable[APIRoute]) -> None:
        self._inner = inner
        self._app = app
        self._use = use
        self._limits = limits
        self._direct = {(method, route.path): route for route in direct for method in route.methods or ()}
        self._health = SuiteHealth()
        self._opened: tuple[Parts, Admission, Limits, Limits, Limits] | None = None
        self._public: PublicDoor | None = None
        self._hooks: HookDoor | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self._outside(scope, receive, send)
            return
        path: str = scope["path"]
        authorization, movement = _credentials(scope["headers"])
        parts, admission, limits, unsigned, crms = self._opened or self._open()
        if (scope["method"], path) in _OPEN:
            exchange_of(scope).headers.extend(unsigned.take(caller_of(scope)))
            await self._inner(scope, receive, send)
            return
        if path.startswith(_CALLED_BY_CRMS):
            exchange_of(scope).headers.extend(crms.take(caller_of(scope)))
            await self._inner(scope, receive, send)
            return
        caller = await admission.admit(authorization, movement)
        if caller.addresses:
            caller.refuse_elsewhere(scope)
        exchange = exchange_of(scope)
        exchange.headers.extend(limits.take(caller.credential, caller.allowance))
        if caller.kind != "session":
            self._use.note(caller.credential, time.time())
        noun = path[4 : _end_of_noun(path)]
        if not caller.principal.movement and noun not in _WITHOUT_MOVEMENT:
            raise MovementNotChosen()
        service = service_of(noun, path)
        if service is not None:
            exchange.route = UNTOLD if noun in SEALED else f"/v1/{noun}"
            await forward(scope, receive, send, service, caller.principal, parts)
            return
        if noun == _OF_THE_PLATFORM:
            caller = caller.of_the_platform()
        exchange.principal = caller.principal
        leave(scope, caller)
        direct = None if scope["query_string"] else self._direct.get((scope["method"], path))
        if direct is None:
            await self._inner(scope, receive, send)
            return
        scope["route"] = direct
        response: Response = await direct.endpoint(Request(scope, receive))
        await response(scope, receive, send)

    async def _outside(self, scope: Scope, receive: Receive, send: Send) -> None:
        """What takes no credential: open documents, hooks, the suite's health, metrics, the page of documentation."""
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            self._public = self._public or PublicDoor(self._app.state.parts)
            await self._public(scope, receive, send)
            return
        if scope["type"] == "http" and scope["path"].startswith(HOOKS):
            self._hooks = self._hooks or HookDoor(self._app.state.parts)
            await self._hooks(scope, receive, send)
            return
        if scope["type"] != "http" or scope["path"] != "/health":
            await self._inner(scope, receive, send)
            return
        exchange_of(scope).route = "/health"
        state = self._app.state
        status, body = await self._health.answer(state.parts, state.workers)
        await Response(body, status, media_type="application/json")(scope, receive, send)

    def _open(self) -> tuple[Parts, Admission, Limits, Limits, Limits]:
        """What the lifespan opened, and the limits of callers, of those who are not known yet, of CRMs that call."""
        parts: Parts = self._app.state.parts
        admission = Admission(parts.db, parts.secrets)
        unsigned, crms = Limits(parts.settings.open_rate_limit), Limits(parts.settings.crm_hook_rate_limit)
        self._opened = parts, admission, self._limits, unsigned, crms
        return self._opened


def _end_of_noun(path: str) -> int:
    end = path.find("/", 4)
    return len(path) if end < 0 else end


def _credentials(headers: Iterable[Header]) -> tuple[bytes | None, bytes | None]:
    """The values of Authorization and Backbone-Movement."""
    authorization = movement = None
    for name, value in headers:
        if name == b"authorization":
            authorization = value
        elif name == b"backbone-movement":
            movement = value
    return authorization, movement
