"""The demo's client: a few requests at a time, answers read into the type asked for, faults told in one line."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Coroutine, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import TypeVar

import httpx
import msgspec

from services.cli.errors import Refused
from shared.errors import NotHeardOfYet

T = TypeVar("T")

_AT_ONCE = 12
_SECONDS = 60.0
"""Longer than the suite itself gives a request: its answer, a problem that says why, is worth waiting for."""


class _Page(msgspec.Struct):
    data: list[msgspec.Raw]
    next_cursor: str | None


class _Fault(msgspec.Struct):
    reason: str
    code: str | None = None
    pointer: str | None = None
    row: int | None = None
    column: str | None = None


class _Problem(msgspec.Struct):
    title: str
    code: str = ""
    detail: str = ""
    errors: list[_Fault] = []


class Api:
    """The public API of a suite, as one caller. A request that fails raises Refused with what its problem says."""

    def __init__(
        self, http: httpx.AsyncClient, token: str | None = None, reached: dict[str, int] | None = None
    ) -> None:
        self._http = http
        self._by = {} if token is None else {"authorization": f"Bearer {token}"}
        self._at_once = asyncio.Semaphore(_AT_ONCE)
        self.reached: dict[str, int] = {} if reached is None else reached
        """Where our writes stand in the log: by `service/key` the last sequence that an answer told."""

    def follows(self, place: str) -> None:
        """By what was written something happens by itself, and is told of as the first event of this `service/key`."""
        self.reached[place] = max(self.reached.get(place, 0), 1)

    def signed_in(self, token: str) -> "Api":
        """The same suite to somebody who has this session; what they write counts as ours."""
        return Api(self._http, token, self.reached)

    async def get(self, path: str, into: type[T], **query: str | int) -> T:
        """Read something."""
        return msgspec.json.decode((await self._send("GET", path, query=query)).content, type=into)

    async def every(self, path: str, into: type[T], **query: str | int) -> list[T]:
        """Read a list, all pages of it."""
        found: list[T] = []
        asked = {**query, "limit": 200}
        while True:
            page = await self.get(path, _Page, **asked)
            found.extend(msgspec.json.decode(item, type=into) for item in page.data)
            if page.next_cursor is None:
                return found
            asked["cursor"] = page.next_cursor

    async def post(self, path: str, into: type[T], body: object = None) -> T:
        """Write something, and read what it answers."""
        return msgspec.json.decode((await self.write(path, body)).content, type=into)

    async def write(self, path: str, body: object = None, *, once: bool = True) -> httpx.Response:
        """Write something. With ``once`` the same request, sent again within a day, is answered and not done again."""
        content = b"" if body is None else msgspec.json.encode(body)
        headers = {"content-type": "application/json"}
        if once:
            headers["idempotency-key"] = hashlib.sha256(path.encode() + b"\n" + content).hexdigest()
        return await self._send("POST", path, content=content, headers=headers)

    async def edit(self, method: str, path: str, body: object = None, *, version: str = "*") -> None:
        """Change something that stands at this version; whatever its version, where none is given."""
        headers = {"content-type": "application/json", "if-match": version}
        await self._send(method, path, content=msgspec.json.encode(body), headers=headers)

    async def import_csv(self, path: str, into: type[T], csv: bytes, **query: str) -> T:
        """Send a CSV file."""
        answer = await self._send("POST", path, query=query, content=csv, headers={"content-type": "text/csv"})
        return msgspec.json.decode(answer.content, type=into)

    async def delete(self, path: str) -> None:
        """Delete something, whatever its version."""
        await self._send("DELETE", path, headers={"if-match": "*"})

    async def _send(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        sent = {**self._by, **(headers or {})}
        while True:
            async with self._at_once:
                try:
                    answer = await self._http.request(method, path, params=query, content=content, headers=sent)
                except httpx.TransportError as error:
                    raise Refused(_unanswered(self._http.base_url, error)) from None
            problem = None if answer.is_success else _problem_of(answer)
            if answer.status_code != 429 and (problem is None or problem.code != NotHeardOfYet.code):
                break
            await asyncio.sleep(float(answer.headers.get("retry-after", "1")))
        if not answer.is_success:
            raise Refused(f"{method} {path} was answered {answer.status_code}: {_in_words(problem)}")
        self._note(answer.headers)
        return answer

    def _note(self, headers: httpx.Headers) -> None:
        if "idempotent-replayed" in headers:
            return  # its events are of an earlier day
        for position in headers.get("backbone-position", "").split(", "):
            place, _, sequence = position.partition("@")
            if sequence:
                self.reached[place] = max(self.reached.get(place, 0), int(sequence))


@asynccontextmanager
async def connected(url: str, key: str, movement: str | None) -> AsyncIterator[Api]:
    """The API at this address, by this key; a platform key names the movement where there are several."""
    headers = {"authorization": f"Bearer {key}"} | ({"backbone-movement": movement} if movement else {})
    # No proxy of the environment stands between this machine and itself.
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=_SECONDS, trust_env=False) as http:
        yield Api(http)


async def answers(url: str) -> None:
    """Raise Refused unless a suite answers at this address."""
    try:
        async with httpx.AsyncClient(base_url=url, timeout=_SECONDS, trust_env=False) as http:
            (await http.get("/health")).json()
    except httpx.InvalidURL:
        raise Refused(f"{url} is not an address") from None
    except httpx.TransportError as error:
        raise Refused(_unanswered(httpx.URL(url), error)) from None
    except ValueError:
        raise Refused(f"what answers at {url} is no Backbone") from None


async def together(jobs: Iterable[Coroutine[object, object, T]]) -> list[T]:
    """Do the jobs side by side and answer their results in order; where one fails, the others are ended."""
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _unanswered(url: httpx.URL, error: httpx.TransportError) -> str:
    why = "nothing listens there" if isinstance(error, httpx.ConnectError) else type(error).__name__
    return (
        f"no answer from {str(url).rstrip('/')} ({why}): start the suite with `make run`, or say where it is by --url"
    )


def _problem_of(answer: httpx.Response) -> _Problem | None:
    try:
        return msgspec.json.decode(answer.content, type=_Problem)
    except msgspec.MsgspecError:
        return None


def _in_words(problem: _Problem | None) -> str:
    if problem is None:
        return "and it does not say why"
    faults = [
        " ".join(str(part) for part in (fault.pointer, fault.row and f"row {fault.row}", fault.column) if part)
        + f" {fault.reason}"
        for fault in problem.errors[:3]
    ]
    return "; ".join(part for part in (problem.title, problem.detail, *faults) if part)
