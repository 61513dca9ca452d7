"""Calls to another service: over ASGI where it runs in this process, over pooled HTTP where it does not.

Whoever calls sees no difference: the same response, the same two errors (Unavailable, DeadlinePassed), never a hang.
Bodies are whole, but for what the gateway passes on as it comes. The deadline is the caller's, in unix seconds; it
travels on as `Backbone-Deadline`, and holds for the first byte of an answer.
"""

import asyncio
import ssl
import time
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

import msgspec

from shared.errors import AppError, DeadlinePassed, Unavailable
from shared.exchanges import PER_HOP, Headers, Incoming, Passing, UpstreamResponse, remaining
from shared.http1 import Answer, Broken, Connection, Pool, Sending, head_of
from shared.in_process import AsgiUpstream, register, unregister
from shared.within import within

__all__ = [
    "AsgiUpstream", "Headers", "HttpUpstream", "Incoming", "Passing", "Refused", "Upstream", "UpstreamResponse",
    "open_upstream", "read_json", "register", "unregister",
]  # fmt: skip

T = TypeVar("T")

_LONGEST = 60.0


class Refused(AppError):
    """Another service answered with an error where an answer was needed."""

    status, code, title = 502, "upstream_refused", "A service that was asked refused"


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

    async def pass_on(
        self,
        method: str,
        path: str,
        passing: Passing,
        *,
        headers: Headers = (),
        body: bytes | Incoming | None = None,
        query: str = "",
        deadline: float | None = None,
    ) -> UpstreamResponse | None:
        """As :meth:`request`, but an answer that is made as it goes is passed on as it comes; then it answers None.

        Once such an answer has begun, Unavailable means that its rest will not come.
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
        request = self._written(method, path, headers, body, query, deadline, ends)
        try:
            return _whole(await self._pool.ask(method, request, ends))
        except TimeoutError:
            raise DeadlinePassed(f"{self._name} did not answer in time") from None
        except Broken:
            raise Unavailable(f"{self._name} cannot be reached") from None

    async def pass_on(
        self,
        method: str,
        path: str,
        passing: Passing,
        *,
        headers: Headers = (),
        body: bytes | Incoming | None = None,
        query: str = "",
        deadline: float | None = None,
    ) -> UpstreamResponse | None:
        ends = time.time() + _LONGEST if deadline is None else deadline
        request = self._written(method, path, headers, body, query, deadline, ends)
        sending = Sending(body.chunks, body.length is None) if isinstance(body, Incoming) else None
        try:
            answer, connection = await self._pool.stream(method, request, ends, sending)
        except TimeoutError:
            raise DeadlinePassed(f"{self._name} did not answer in time") from None
        except Broken:
            raise Unavailable(f"{self._name} cannot be reached") from None
        if not answer.streamed:
            return _whole(answer)
        await self._hand_on(answer, connection, passing)
        return None

    async def _hand_on(self, answer: Answer, connection: Connection, passing: Passing) -> None:
        """Pass a body on as it comes. Once nobody is there to hear it, the connection ends, and its maker knows."""
        onward = passing.onward
        watching = asyncio.create_task(onward.gone())
        watching.add_done_callback(lambda task: None if task.cancelled() else connection.close())
        try:
            with within(passing.idle) as bound:
                await onward.begin(answer.status, [pair for pair in answer.headers if pair[0] not in PER_HOP])
                while chunk := await connection.chunk():
                    await onward.more(chunk)
                    bound.extend(passing.idle)
        except Broken:
            if not watching.done():
                raise Unavailable(f"{self._name} broke off its answer") from None
        except TimeoutError:
            connection.close()
            raise Unavailable(f"{self._name} stood still in the middle of its answer") from None
        except BaseException:
            connection.close()
            raise
        else:
            self._pool.keep(connection)
        finally:
            watching.cancel()

    def _written(
        self,
        method: str,
        path: str,
        headers: Headers,
        body: bytes | Incoming | None,
        query: str,
        deadline: float | None,
        ends: float,
    ) -> bytes:
        """The request as it goes over the wire, with its body where that is whole."""
        remaining(ends)
        target = f"{self._base}{path}?{query}" if query else self._base + path
        lines = [f"{method} {target} HTTP/1.1\r\n", self._host]
        lines += [f"{name}: {value}\r\n" for name, value in headers]
        if deadline is not None:
            lines.append(f"backbone-deadline: {int(deadline * 1000)}\r\n")
        if isinstance(body, Incoming):
            lines.append(
                "transfer-encoding: chunked\r\n" if body.length is None else f"content-length: {body.length}\r\n"
            )
            return head_of(target, lines)
        if body is not None:
            lines.append(f"content-length: {len(body)}\r\n")
        return head_of(target, lines) + (body or b"")

    async def close(self) -> None:
        self._pool.close()


def _whole(answer: Answer) -> UpstreamResponse:
    return UpstreamResponse(answer.status, [pair for pair in answer.headers if pair[0] not in PER_HOP], answer.body)
