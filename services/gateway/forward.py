"""The pass-through: one request to the service that owns its noun, and its answer as it came.

Only headers that mean something to a service go on, so the caller's credential, cookies, hop-by-hop headers and
anything that looks like ours stay behind. Bodies are whole and bounded by the edge, but for answers that are made as
they go (an export, progress) and for the files of the few routes that take large ones: those pass through as they come.
"""

from collections.abc import AsyncIterator, Iterable

from services.gateway.nouns import LARGE
from shared.asgi import Receive, Scope, Send, exchange_of
from shared.auth import Principal, sign
from shared.errors import BadRequest, Unavailable
from shared.exchanges import Incoming, Passing
from shared.parts import Parts

_PASSED_ON = {
    name.encode(): name
    for name in (
        "accept", "accept-language", "content-type", "idempotency-key", "if-match", "if-modified-since",
        "if-none-match", "if-unmodified-since", "last-event-id", "prefer",
    )
}  # fmt: skip
_HAS_BODY = frozenset({b"content-length", b"transfer-encoding"})


async def forward(
    scope: Scope,
    receive: Receive,
    send: Send,
    service: str,
    principal: Principal,
    parts: Parts,
    told: Iterable[tuple[str, str]] = (),
) -> None:
    """Ask the service on the principal's behalf and send its answer. Raises Unavailable and DeadlinePassed.

    `told` are headers in which the gateway tells the service something of its own.
    """
    exchange = exchange_of(scope)
    path, query = _target(scope)
    headers = [
        ("authorization", f"Bearer {sign(principal, service, parts.secrets)}"),
        ("backbone-request-id", exchange.request_id),
        ("traceparent", exchange.traceparent),
        *told,
    ]
    length = _passed_on(scope, headers)
    answer = await parts.upstreams[service].pass_on(
        scope["method"],
        path,
        Passing(_Caller(service, receive, send), parts.settings.stream_idle),
        headers=headers,
        body=None if length is None else await _body(scope, receive, length),
        query=query,
        deadline=exchange.deadline,
    )
    if answer is None:
        await send({"type": "http.response.body", "body": b""})
        return
    _refuse_refusal(service, answer.status)
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body})


class _Caller:
    """Whoever called the gateway, as a service's answer reaches them that is made as it goes."""

    __slots__ = ("_receive", "_send", "_service")

    def __init__(self, service: str, receive: Receive, send: Send) -> None:
        self._service = service
        self._receive = receive
        self._send = send

    async def begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        _refuse_refusal(self._service, status)
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def more(self, chunk: bytes) -> None:
        await self._send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def gone(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass  # the request's own body, where it was not read before


def _refuse_refusal(service: str, status: int) -> None:
    if status == 401:  # it refused our token, not the caller's: nothing that the caller can mend
        raise Unavailable(f"{service} does not accept the gateway's token")


def _target(scope: Scope) -> tuple[str, str]:
    """The path and query as they were sent. A backslash is refused: URL libraries read it as a slash."""
    if "\\" in scope["path"]:
        raise BadRequest("the path has a backslash")
    try:
        return scope["raw_path"].decode("ascii"), scope["query_string"].decode("ascii")
    except UnicodeDecodeError:
        raise BadRequest("a path is percent-encoded") from None


def _passed_on(scope: Scope, headers: list[tuple[str, str]]) -> bytes | None:
    """Add the caller's headers that go on; answers the body's length, empty where it is not said, None without one."""
    length: bytes | None = None
    for name, value in scope["headers"]:
        if name in _PASSED_ON:
            headers.append((_PASSED_ON[name], value.decode("latin-1")))
        elif name in _HAS_BODY:
            length = value if name == b"content-length" else b""
    return length


async def _body(scope: Scope, receive: Receive, length: bytes) -> bytes | Incoming:
    """The request's body: whole, or as it comes on the few routes that take large ones."""
    if (scope["method"], scope["path"]) in LARGE:
        return Incoming(_pieces(receive), int(length) if length else None)
    return await _whole(receive)


async def _whole(receive: Receive) -> bytes:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise BadRequest("the request broke off")
    body: bytes = message.get("body", b"")
    if not message.get("more_body", False):
        return body
    chunks = [body]
    while message.get("more_body", False):
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequest("the request broke off")
        chunks.append(message.get("body", b""))
    return b"".join(chunks)


async def _pieces(receive: Receive) -> AsyncIterator[bytes]:
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise BadRequest("the request broke off")
        yield message.get("body", b"")
        more = message.get("more_body", False)
