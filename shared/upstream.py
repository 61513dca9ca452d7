"""Calls to another service: over ASGI where it runs in this process, over pooled HTTP where it does not.

Whoever calls sees no difference: the same response, the same two errors (Unavailable, DeadlinePassed), never a hang.
Bodies are whole. The deadline is the caller's, in unix seconds; it travels on as `Backbone-Deadline`.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar
from urllib.parse import unquote

import msgspec
from pyreqwest.client import ClientBuilder
from pyreqwest.exceptions import BuilderError, PyreqwestError, RequestTimeoutError

from shared.asgi import ASGIApp, Message
from shared.errors import AppError, DeadlinePassed, Unavailable

T = TypeVar("T")
Headers = Sequence[tuple[str, str]]

# A server closes idle connections too; ours must give up first, or a request meets a connection that is closing.
_IDLE = timedelta(seconds=30)
_CONNECT = timedelta(seconds=2)
_IN_FLIGHT = 256
_LONGEST = 60.0
# What describes one connection and not the message (RFC 9110, 7.6.1), and what our own server will say again.
_PER_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade date server".split()
)


class Refused(AppError):
    """Another service answered with an error where an answer was needed."""

    status, code, title = 502, "upstream_refused", "A service that was asked refused"


@dataclass(frozen=True, slots=True)
class UpstreamResponse:
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
            async with asyncio.timeout(remaining):
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
    """A service on another machine: one client, a bounded pool, no redirects, no proxies, no decompression."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._name = self._url.partition("://")[2]
        self._client = (
            ClientBuilder()
            .follow_redirects(False)
            .no_proxy()
            .referer(False)
            .default_cookie_store(False)
            .gzip(False)
            .brotli(False)
            .zstd(False)
            .deflate(False)
            .connect_timeout(_CONNECT)
            .max_connections(_IN_FLIGHT)
            .pool_idle_timeout(_IDLE)
            .pool_max_idle_per_host(_IN_FLIGHT)
            .build()
        )

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
        sent = list(headers)
        ends = time.time() + _LONGEST if deadline is None else deadline
        if deadline is not None:
            sent.append(("backbone-deadline", _milliseconds(deadline).decode()))
        url = f"{self._url}{path}?{query}" if query else self._url + path
        try:
            asked = self._client.request(method, url).headers(sent).timeout(timedelta(seconds=_remaining(ends)))
            response = await (asked if body is None else asked.body_bytes(body)).build().send()
            content = await response.bytes()
        except RequestTimeoutError:
            # The client calls every timeout before the answer's headers one of connecting, so the clock decides.
            if time.time() < ends - 0.01:
                raise Unavailable(f"{self._name} cannot be reached within {_CONNECT.seconds} s") from None
            raise DeadlinePassed(f"{self._name} did not answer in time") from None
        except BuilderError:
            raise  # a fault of the caller's code: a path or header that cannot be sent
        except PyreqwestError as error:
            raise Unavailable(f"{self._name} cannot be reached ({type(error).__name__})") from None
        kept = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers.items()]
        return UpstreamResponse(response.status, [pair for pair in kept if pair[0] not in _PER_HOP], content.to_bytes())

    async def close(self) -> None:
        await self._client.close()


def _remaining(deadline: float) -> float:
    """Seconds until the deadline. Raises DeadlinePassed where there are none."""
    seconds = deadline - time.time()
    if seconds <= 0:
        raise DeadlinePassed
    return seconds


def _milliseconds(deadline: float) -> bytes:
    return str(int(deadline * 1000)).encode()
