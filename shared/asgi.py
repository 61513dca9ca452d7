"""The one middleware, in pure ASGI: request id, trace, deadline, body limit, errors as problems, metrics.

It wraps everything a service answers. What it learns of a request stands in `scope["exchange"]`.
"""

import random
import re
import time
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from starlette.exceptions import HTTPException

from shared import metrics
from shared.auth import Principal
from shared.errors import AppError, BadRequest, DeadlinePassed, PayloadTooLarge, problem
from shared.ids import is_id, new_id
from shared.problems import translate
from shared.within import within

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]

SEALED_BY = "x-sealed"
"""Of a route: the ring of keys under which alone anything of its calls is kept."""
UNTOLD = "none"
"""What requests are counted under that met no route, or one of which not even that is told that it was called."""

_TRACEPARENT = re.compile(rb"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
_NO_TRACE = b"0" * 32
_HTTPS_ALONE = b"strict-transport-security", b"max-age=63072000; includeSubDomains"
"""What browsers are told by whatever anybody can reach: for two years, by HTTPS alone."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(slots=True)
class Exchange:
    """One request and its answer, as the edge sees them."""

    request_id: str
    traceparent: str
    deadline: float
    """Unix seconds; nothing is worth doing for this request after it."""
    principal: Principal | None = None
    """Who is calling, where somebody before the routes has found out (the gateway does); else the token says."""
    route: str | None = None
    """The route's template for metrics, where no router sets it."""
    status: int = 0
    """The status that was sent, 0 until then."""
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    """Sent with the answer, whatever it turns out to be (the gateway's rate limit)."""


def exchange_of(scope: Scope) -> Exchange:
    """The exchange that the middleware opened for this request."""
    exchange: Exchange = scope["exchange"]
    return exchange


class Limits(NamedTuple):
    """What one request may take: seconds until its answer begins, and bytes of its body."""

    timeout: float
    max_body: int


class Edge:
    """The middleware of one service.

    `large` are the few routes, by method and path, that take large files: they have the `uploads` limits. A `public`
    edge does not believe what only services may say: the request's id and its deadline.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        service: str,
        limits: Limits,
        uploads: Limits,
        large: Collection[tuple[str, str]] = (),
        public: bool = False,
    ) -> None:
        self._app = app
        self._service = service
        self._limits = limits
        self._uploads = uploads
        self._large = large
        self._public = public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        headers = dict(scope["headers"])
        limits = self._uploads if (scope["method"], scope["path"]) in self._large else self._limits
        exchange = self._open(headers, limits.timeout)
        scope["exchange"] = exchange
        answer = _Answer(exchange, send)
        try:
            await self._within_limits(scope, headers, receive, answer, limits.max_body)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "other"  # anybody may invent a method
            metrics.answered(self._service, method, route_of(scope), exchange.status, time.perf_counter() - started)

    def _open(self, headers: dict[bytes, bytes], timeout: float) -> Exchange:
        given = "" if self._public else headers.get(b"backbone-request-id", b"").decode("latin-1")
        deadline = time.time() + timeout
        if not self._public and (sent := _number(headers.get(b"backbone-deadline"))) is not None:
            deadline = min(deadline, sent / 1000)
        return Exchange(
            request_id=given if is_id(given, "req") else new_id("req"),
            traceparent=_continued(headers.get(b"traceparent", b"")),
            deadline=deadline,
            headers=[_HTTPS_ALONE] if self._public else [],
        )

    async def _within_limits(
        self, scope: Scope, headers: dict[bytes, bytes], receive: Receive, answer: "_Answer", max_body: int
    ) -> None:
        """Run the application; whatever goes wrong before it answers becomes a problem."""
        exchange = answer.exchange
        try:
            _refuse_odd_paths(scope)
            length = _number(headers.get(b"content-length"))
            if length is not None and length > max_body:
                raise _too_large(max_body)
            remaining = exchange.deadline - time.time()
            if remaining <= 0:
                raise DeadlinePassed
            await self._in_time(remaining, scope, _limited(receive, max_body), answer)
        except Exception as error:
            if exchange.status:  # the answer has begun and cannot be taken back: the server must break it off
                raise
            await answer.problem(_told(error, exchange, max_body))

    async def _in_time(self, seconds: float, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        bound = answer.bound = within(seconds)
        try:
            with bound:
                await self._app(scope, receive, answer.send)
        except TimeoutError:
            if not bound.expired:  # some other wait's own timeout
                raise
            raise DeadlinePassed from None


def _told(error: Exception, exchange: Exchange, max_body: int) -> AppError:
    if isinstance(error, _TooLarge):
        return _too_large(max_body)
    return translate(error, exchange.request_id)


def _too_large(max_body: int) -> AppError:
    return PayloadTooLarge(f"a body has at most {max_body} bytes", max_bytes=max_body)


def _limited(receive: Receive, max_body: int) -> Receive:
    """Counts what arrives, because a chunked body does not say its length first."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > max_body:
            raise _TooLarge
        return message

    return counted


class _TooLarge(HTTPException):
    """Raised while a body is read. FastAPI turns every other error there into a 400 of its own."""

    def __init__(self) -> None:
        super().__init__(413)


class _Answer:
    """Sends the answer with the headers that every answer has."""

    __slots__ = ("_send", "bound", "exchange")

    def __init__(self, exchange: Exchange, send: Send) -> None:
        self._send = send
        self.exchange = exchange
        self.bound: within | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            # A stream of events may go on for hours: the deadline is for the answer's beginning.
            if self.bound is not None:
                self.bound.lift()
            self.exchange.status = message["status"]
            message["headers"] = self._complete(message.get("headers", ()))
        await self._send(message)

    def _complete(self, headers: Any) -> list[tuple[bytes, bytes]]:
        complete = [*headers, *self.exchange.headers]
        present = {name for name, _ in complete}
        for name, value in (
            (b"backbone-request-id", self.exchange.request_id.encode()),
            (b"traceparent", self.exchange.traceparent.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"cache-control", b"no-store"),
        ):
            if name not in present:
                complete.append((name, value))
        return complete

    async def problem(self, error: AppError) -> None:
        body = problem(error, self.exchange.request_id)
        headers = [
            (b"content-type", b"application/problem+json"),
            (b"content-length", str(len(body)).encode()),
            *((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in error.headers.items()),
        ]
        await self.send({"type": "http.response.start", "status": error.status, "headers": headers})
        await self._send({"type": "http.response.body", "body": body})


def route_of(scope: Scope) -> str:
    """What a request is counted under: its route's template. What is sealed is not told from the rest."""
    exchange = exchange_of(scope)
    if exchange.route is None:
        route = _route(scope)
        sealed = SEALED_BY in (getattr(route, "openapi_extra", None) or {})
        exchange.route = UNTOLD if sealed else template_of(scope)
    return exchange.route


def template_of(scope: Scope) -> str:
    """The route's template, `/v1/people/{person}`; a path that met no route has none, so that no id becomes a label."""
    route = _route(scope)
    return str(getattr(route, "path_format", None) or getattr(route, "path", UNTOLD))


def _route(scope: Scope) -> object:
    context = scope.get("fastapi", {}).get("effective_route_context")
    return context if context is not None else scope.get("route")


def _number(header: bytes | None) -> int | None:
    """A header's whole number; a longer one than any clock or size needs is read no further than that."""
    return int(header[:18]) if header is not None and header.isdigit() else None


def _refuse_odd_paths(scope: Scope) -> None:
    """Two servers may read these differently, and then one of them guards another path than the other opens."""
    path: str = scope["path"]
    if "/." in path and not {".", ".."}.isdisjoint(path.split("/")):
        raise BadRequest("the path has dot segments")
    if "\0" in path or b"%00" in scope["query_string"]:
        raise BadRequest("the address has a NUL character")


def _continued(traceparent: bytes) -> str:
    """The W3C trace context for what we do: the caller's trace where it sent one, and a span of our own."""
    matched = _TRACEPARENT.fullmatch(traceparent)
    span = random.getrandbits(64)
    if matched is None or matched[1] == _NO_TRACE:
        return f"00-{random.getrandbits(128):032x}-{span:016x}-01"
    return f"00-{matched[1].decode()}-{span:016x}-{matched[3].decode()}"
