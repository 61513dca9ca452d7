"""Calls to a service that runs in this process, over ASGI: a scope and a few awaits, no socket and no task."""

import asyncio
from urllib.parse import unquote

from shared.asgi import ASGIApp, Message
from shared.errors import AppError, DeadlinePassed, Unavailable
from shared.exchanges import PER_HOP, Headers, Incoming, Passing, UpstreamResponse, remaining
from shared.within import within

_registered: dict[str, ASGIApp] = {}


def register(name: str, app: ASGIApp) -> None:
    """Make a service of this process reachable as `asgi://<name>`; the latest of a name is the one."""
    _registered[name] = app


def unregister(name: str, app: ASGIApp) -> None:
    """Take it away again, unless a later one has its name."""
    if _registered.get(name) is app:
        del _registered[name]


class AsgiUpstream:
    """A service in this process."""

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
        call = _Call(body, None)
        await self._run(call, method, path, headers, query, deadline)
        return call.response()

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
        call = _Call(body, passing)
        await self._run(call, method, path, headers, query, deadline)
        return None if call.begun else call.response()

    async def _run(
        self, call: "_Call", method: str, path: str, headers: Headers, query: str, deadline: float | None
    ) -> None:
        app = _registered.get(self._name)
        if app is None:
            raise Unavailable(f"{self._name} does not run in this process")
        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        raw.append(self._host)
        if call.length is not None:
            raw.append((b"content-length", str(call.length).encode()))
        elif call.incoming is not None:
            raw.append((b"transfer-encoding", b"chunked"))
        if deadline is not None:
            raw.append((b"backbone-deadline", str(int(deadline * 1000)).encode()))
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
        bound = call.bound = within(None if deadline is None else remaining(deadline))
        try:
            with bound:
                await app(scope, call.receive, call.send)
        except TimeoutError:
            if call.begun:
                raise Unavailable(f"{self._name} stood still in the middle of its answer") from None
            raise DeadlinePassed(f"{self._name} did not answer in time") from None
        except Exception:  # the service has logged it; the part that it sent is no answer
            if call.refused is not None:
                raise call.refused from None
            raise Unavailable(f"{self._name} broke off its answer") from None

    async def close(self) -> None:
        """Nothing is held."""


class _Call:
    """Both directions of one call."""

    __slots__ = (
        "_body",
        "_chunks",
        "_headers",
        "_passing",
        "_status",
        "begun",
        "bound",
        "incoming",
        "length",
        "refused",
    )

    def __init__(self, body: bytes | Incoming | None, passing: Passing | None) -> None:
        self.incoming = body if isinstance(body, Incoming) else None
        self._body: bytes | None = b"" if body is None or isinstance(body, Incoming) else body
        self.length = None if body is None else body.length if isinstance(body, Incoming) else len(body)
        self._passing = passing
        self._chunks: list[bytes] = []
        self._headers: list[tuple[bytes, bytes]] = []
        self._status = 0
        self.begun = False
        """Whether the answer is being passed on as it comes."""
        self.bound: within | None = None
        self.refused: AppError | None = None
        """Why whom the answer is for does not take it, or why their own body broke off."""

    async def receive(self) -> Message:
        if self.incoming is not None:
            try:
                return {"type": "http.request", "body": await anext(self.incoming.chunks), "more_body": True}
            except StopAsyncIteration:
                self.incoming = None
            except AppError as error:
                self.refused = error
                raise
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        if self._passing is None:
            # The caller stays until it has the whole answer, so there is nothing more to hear of it.
            await asyncio.get_running_loop().create_future()
        else:
            await self._passing.onward.gone()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = [(name, value) for name, value in message["headers"] if name not in PER_HOP]
            if self._passing is not None and _is_open_ended(self._status, self._headers):
                await self._begin(self._passing)
        elif message["type"] == "http.response.body":
            chunk = message.get("body", b"")
            if self._passing is None:
                self._chunks.append(chunk)
                return
            if not self.begun:
                if not message.get("more_body", False):
                    self._chunks.append(chunk)
                    return
                await self._begin(self._passing)
            await self._more(self._passing, chunk)

    def response(self) -> UpstreamResponse:
        """The whole answer."""
        chunks = self._chunks
        return UpstreamResponse(self._status, self._headers, chunks[0] if len(chunks) == 1 else b"".join(chunks))

    async def _begin(self, passing: Passing) -> None:
        self.begun = True
        self._still(passing.idle)
        try:
            await passing.onward.begin(self._status, self._headers)
        except AppError as error:
            self.refused = error
            raise

    async def _more(self, passing: Passing, chunk: bytes) -> None:
        if chunk:
            await passing.onward.more(chunk)
        self._still(passing.idle)

    def _still(self, seconds: float) -> None:
        """From the first byte on it is no longer the deadline that counts, but that something moves."""
        if self.bound is not None:
            self.bound.extend(seconds)


def _is_open_ended(status: int, headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether an answer has a body that is made as it goes: one that is whole says its length."""
    return status not in (204, 304) and not any(name == b"content-length" for name, _ in headers)
