"""Calls to another service: over ASGI where it runs in this process, over pooled HTTP where it does not.

Whoever calls sees no difference: the same response, the same two errors (Unavailable, DeadlinePassed), never a hang.
Bodies are whole. The deadline is the caller's, in unix seconds; it travels on as `Backbone-Deadline`.
"""

import asyncio
import ssl
import time
from collections.abc import Sequence
from typing import Protocol, TypeVar
from urllib.parse import unquote, urlsplit

import msgspec

from shared.asgi import ASGIApp, Message
from shared.errors import AppError, DeadlinePassed, Unavailable
from shared.http1 import Broken, Pool
from shared.within import within

T = TypeVar("T")
Headers = Sequence[tuple[str, str]]

_LONGEST = 60.0
# What describes one connection and not the message (RFC 9110, 7.6.1), and what our own server will say again.
_PER_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade date server".split()
)


class Refused(AppError):
    """Another service answered with an error where an answer was needed."""

    status, code, title = 502, "upstream_refused", "A service that was asked refused"


class UpstreamResponse(msgspec.Struct, frozen=True, gc=False):
    """A whole answer. Header names are lower case; those of the single hop are gone."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: bytes) -> bytes | None:
        """The first header of this lower-case name."""
        return next((value for known, value in self.headers if known == name), None)


class Upstream(Protocol):
    """One service, as its callers see it."""

    async def request(
        self,
        method: str,
        path: str,
        *,
        headers: Headers = (),
        body: bytes | None = None,
        query: str = "",
        deadline: float | None = None,
    ) -> UpstreamResponse:
        """Ask, and wait for the whole answer, whatever its status. `path` and `query` are percent-encoded already.

        Raises Unavailable (refused, reset, broken off) or DeadlinePassed.
        """

    async def close(self) -> None:
        """Let the connections go."""


async def read_json(
    upstream: Upstream,
    path: str,
    to: type[T],
    *,
    headers: Headers = (),
    query: str = "",
    deadline: float | None = None,
) -> T:
    """GET a JSON answer of a known shape (a msgspec struct, a dataclass, a list of them). Raises Refused besides."""
    response = await upstream.request("GET", path, headers=headers, query=query, deadline=deadline)
    if not 200 <= response.status < 300:
        raise Refused(upstream_status=response.status)
    try:
        return msgspec.json.decode(response.body, type=to)
    except msgspec.DecodeError:
        raise Refused("its answer has another shape than agreed", upstream_status=response.status) from None


def open_upstream(url: str) -> Upstream:
    """The service at `asgi://members` (in this process) or `http://host:8000`. ValueError for any other scheme."""
    scheme, _, rest = url.partition("://")
    match scheme:
        case "asgi":
            return AsgiUpstream(rest)
        case "http" | "https":
            return HttpUpstream(url)
    raise ValueError(f"a service's URL begins with asgi://, http:// or https://, not {scheme}://")


_registered: dict[str, ASGIApp] = {}


def register(name: str, app: ASGIApp) -> None:
    """Make a service of this process reachable as `asgi://<name>`; the latest of a name is the one."""
    _registered[name] = app


def unregister(name: str, app: ASGIApp) -> None:
    """Take it away again, unless a later one has its name."""
    if _registered.get(name) is app:
        del _registered[name]


class AsgiUpstream:
    """A service in this process: a call costs a scope and a few awaits, no socket and no task."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._host = (b"host", name.encode())

    async def request(
        self,
        method: str,
        path: str,
        *,
        headers: Headers = (),
        body: bytes | None = None,
        query: str = "",
        deadline: float | None = None,
    ) -> UpstreamResponse:
        app = _registered.get(self._name)
        if app is None:
            raise Unavailable(f"{self._name} does not run in this process")
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        raw.append(self._host)
        if body is not None:
            raw.append((b"content-length", str(len(body)).encode()))
        if deadline is not None:
            raw.append((b"backbone-deadline", _milliseconds(deadline)))
        call = _AsgiCall(body or b"")
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode("ascii"),
            "root_path": "",
            "query_string": query.encode("ascii"),
            "headers": raw,
            "client": None,
            "server": (self._name, None),
            "state": {},
        }
        remaining = None if deadline is None else _remaining(deadline)
        try:
            with within(remaining):
                await app(scope, call.receive, call.send)
        except TimeoutError:
            raise DeadlinePassed(f"{self._name} did not answer in time") from None
        except Exception:  # the service has logged it; the part that it sent is no answer
            raise Unavailable(f"{self._name} broke off its answer") from None
        return call.response()

    async def close(self) -> None:
        """Nothing is held."""


class _AsgiCall:
    """Both directions of one call."""

    __slots__ = ("_body", "_chunks", "_headers", "_status")

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body
        self._chunks: list[bytes] = []
        self._headers: list[tuple[bytes, bytes]] = []
        self._status = 0

    async def receive(self) -> Message:
        if self._body is None:
            # The caller stays until it has the whole answer, so there is nothing more to hear of it.
            await asyncio.get_running_loop().create_future()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = [(name, value) for name, value in message["headers"] if name not in _PER_HOP]
        elif message["type"] == "http.response.body":
            self._chunks.append(message.get("body", b""))

    def response(self) -> UpstreamResponse:
        chunks = self._chunks
        return UpstreamResponse(self._status, self._headers, chunks[0] if len(chunks) == 1 else b"".join(chunks))


class HttpUpstream:
    """A service on another machine. Nothing is followed, unpacked or sent by way of a proxy."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        tls = parts.scheme == "https"
        port = parts.port or (443 if tls else 80)
        self._name = f"{parts.hostname}:{port}"
        self._base = parts.path.rstrip("/")
        self._host = f"host: {parts.netloc.rpartition('@')[2]}\r\n"
        self._pool = Pool(parts.hostname or "", port, ssl.create_default_context() if tls else None)

    async def request(
        self,
        method: str,
        path: str,
        *,
        headers: Headers = (),
        body: bytes | None = None,
        query: str = "",
        deadline: float | None = None,
    ) -> UpstreamResponse:
        ends = time.time() + _LONGEST if deadline is None else deadline
        _remaining(ends)
        target = f"{self._base}{path}?{query}" if query else self._base + path
        lines = [f"{method} {target} HTTP/1.1\r\n", self._host]
        lines += [f"{name}: {value}\r\n" for name, value in headers]
        if deadline is not None:
            lines.append(f"backbone-deadline: {int(deadline * 1000)}\r\n")
        if body is not None:
            lines.append(f"content-length: {len(body)}\r\n")
        try:
            answer = await self._pool.ask(method, _head(target, lines) + (body or b""), ends)
        except TimeoutError:
            raise DeadlinePassed(f"{self._name} did not answer in time") from None
        except Broken:
            raise Unavailable(f"{self._name} cannot be reached") from None
        kept = [pair for pair in answer.headers if pair[0] not in _PER_HOP]
        return UpstreamResponse(answer.status, kept, answer.body)

    async def close(self) -> None:
        self._pool.close()


def _head(target: str, lines: Sequence[str]) -> bytes:
    """The request line and the headers. Raises ValueError where one of them would be read as something else."""
    head = "".join(lines) + "\r\n"
    if " " in target or head.count("\n") != len(lines) + 1 or head.count("\r") != len(lines) + 1 or "\0" in head:
        raise ValueError("a path has no space, and a header no end of a line")
    return head.encode("latin-1")


def _remaining(deadline: float) -> float:
    """Seconds until the deadline. Raises DeadlinePassed where there are none."""
    seconds = deadline - time.time()
    if seconds <= 0:
        raise DeadlinePassed
    return seconds


def _milliseconds(deadline: float) -> bytes:
    return str(int(deadline * 1000)).encode()
