"""The pass-through: one request to the service that owns its noun, and its answer as it came.

Only headers that mean something to a service go on, so the caller's credential, cookies, hop-by-hop headers and
anything that looks like ours stay behind. Bodies are whole in both directions and bounded by the edge.
"""

from shared.asgi import Receive, Scope, Send, exchange_of
from shared.auth import Principal, sign
from shared.errors import BadRequest, Unavailable
from shared.parts import Parts

_PASSED_ON = {
    name.encode(): name
    for name in (
        "accept", "accept-language", "content-type", "idempotency-key", "if-match", "if-modified-since",
        "if-none-match", "if-unmodified-since", "prefer",
    )
}  # fmt: skip
_HAS_BODY = frozenset({b"content-length", b"transfer-encoding"})


async def forward(scope: Scope, receive: Receive, send: Send, service: str, principal: Principal, parts: Parts) -> None:
    """Ask the service on the principal's behalf and send its answer. Raises Unavailable and DeadlinePassed."""
    exchange = exchange_of(scope)
    path, query = _target(scope)
    headers = [
        ("authorization", f"Bearer {sign(principal, service, parts.secrets)}"),
        ("backbone-request-id", exchange.request_id),
        ("traceparent", exchange.traceparent),
    ]
    body: bytes | None = None
    for name, value in scope["headers"]:
        if name in _PASSED_ON:
            headers.append((_PASSED_ON[name], value.decode("latin-1")))
        elif name in _HAS_BODY:
            body = b""
    if body is not None:
        body = await _whole(receive)
    answer = await parts.upstreams[service].request(
        scope["method"], path, headers=headers, body=body, query=query, deadline=exchange.deadline
    )
    if answer.status == 401:  # it refused our token, not the caller's: nothing that the caller can mend
        raise Unavailable(f"{service} does not accept the gateway's token")
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": answer.body})


def _target(scope: Scope) -> tuple[str, str]:
    """The path and query as they were sent. A backslash is refused: URL libraries read it as a slash."""
    if "\\" in scope["path"]:
        raise BadRequest("the path has a backslash")
    try:
        return scope["raw_path"].decode("ascii"), scope["query_string"].decode("ascii")
    except UnicodeDecodeError:
        raise BadRequest("a path is percent-encoded") from None


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
