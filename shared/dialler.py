"""The guarded dialler: every request to an address that a partner gave us goes through here (webhooks, CRMs).

A name is resolved once, every address it has is judged, and exactly a judged address is dialled, with the original name
for TLS and Host: to validate and then fetch by name is to be fooled by a name that changes in between. No redirect is
followed, no proxy of the environment is used, and an answer's body is cut off while it streams.
"""

import asyncio
import re
import socket
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Generic, TypeVar

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import DetailedPyreqwestError, RequestError
from pyreqwest.http import Url

from shared.addresses import LOOPBACK, Address, address_of, why_refused

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Answers every address of a host, in the order in which to try them. Raises OSError where there is none."""

_LONGEST_URL = 2048
_WRITTEN = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?#]+)", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_CONNECT_SECONDS = 5
_NAMES_KEPT, _NAMES_KEPT_SECONDS = 4096, 30.0
_CLIENTS_KEPT = 512

T = TypeVar("T")


class NotAllowed(ValueError):
    """A URL, or an address behind it, that we do not dial. The text is the reason, fit to be shown to its owner."""


class DialFailed(Exception):
    """No whole answer came. `reason` begins with a stable word: address_refused, name_not_resolved, connect_failed,
    timeout or broken_off. `address` is what was dialled, if it came to that.
    """

    def __init__(self, reason: str, address: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.address = address


@dataclass(frozen=True, slots=True)
class Target:
    """Where a URL leads: what of it decides whom to dial. `literal` is set where its host is an address already."""

    url: str
    scheme: str
    host: str
    port: int
    literal: Address | None


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, two headers' worth of truth, and the first bytes of the body."""

    status: int
    retry_after: str | None
    body: bytes
    address: str


class Dialler:
    """Dials partners' URLs. One for each process and purpose; it keeps connections open between requests.

    `to_loopback` allows this machine's own addresses, also by plain http (development). `resolver` and `roots` (more
    certificate authorities, PEM) replace the system's.
    """

    def __init__(
        self, *, to_loopback: bool = False, resolver: Resolver | None = None, roots: bytes | None = None
    ) -> None:
        self._to_loopback = to_loopback
        self._names = _Names(resolver or system_resolver)
        self._roots = roots
        self._clients: _Recent[Client] = _Recent(_CLIENTS_KEPT)

    async def check(self, url: str) -> None:
        """Judge a URL before it is stored. Raises NotAllowed.

        A name that does not resolve now passes: every dialling judges anew.
        """
        target = self._target(url)
        try:
            await self._allowed(target)
        except OSError:
            return

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes,
        seconds: float,
        most: int,
    ) -> Answer:
        """Send one request and read at most `most` bytes of the answer, all within `seconds`. Raises DialFailed.

        Where an address does not accept the connection, the name's next one is tried: nothing was sent yet.
        """
        dialled: str | None = None
        failure = ""
        try:
            async with asyncio.timeout(seconds):
                target = self._target(url)
                for address in await self._allowed(target):
                    dialled = str(address)
                    try:
                        return await self._send(method, target, dialled, headers, body, most)
                    except RequestError as error:
                        if not _never_sent(error):
                            raise
                        failure = f"connect_failed: {_cause(error)}"
        except NotAllowed as error:
            failure = f"address_refused: {error}"
        except TimeoutError:
            failure = f"timeout: no whole answer within {seconds:g} s"
        except DetailedPyreqwestError as error:
            failure = f"broken_off: {_cause(error)}"
        except OSError as error:
            failure = f"name_not_resolved: {error.strerror or error}"
        raise DialFailed(failure, dialled)

    async def _allowed(self, target: Target) -> Sequence[Address]:
        """The addresses to try, each of them judged. Raises NotAllowed if any is refused, OSError if there is none."""
        if target.literal is not None:
            addresses: Sequence[Address] = (target.literal,)
        else:
            addresses = await self._names.addresses(target.host, target.port)
        for address in addresses:
            reason = why_refused(address)
            if reason == LOOPBACK and self._to_loopback:
                continue
            if reason is not None:
                raise NotAllowed(f"the host's address is {reason}")
            if target.scheme != "https":
                raise NotAllowed("only https leaves this machine")
        return addresses

    async def _send(
        self, method: str, target: Target, address: str, headers: Mapping[str, str], body: bytes, most: int
    ) -> Answer:
        client = self._clients.get((target.scheme, target.host, target.port, address), self._client, target, address)
        request = client.request(method, target.url).headers(headers).body_bytes(body)
        async with request.streamed_read_buffer_limit(most).build_streamed() as response:
            first = await response.body_reader.read(most)
            return Answer(response.status, response.get_header("retry-after"), bytes(first or b""), address)

    def _client(self, target: Target, address: str) -> Client:
        builder = (
            ClientBuilder()
            .no_proxy()
            .follow_redirects(False)
            .referer(False)
            # What is counted is what came over the wire: a small body must not unfold into a large one.
            .gzip(False).brotli(False).zstd(False).deflate(False)
            .connect_timeout(timedelta(seconds=_CONNECT_SECONDS))
        )  # fmt: skip
        if target.literal is None:
            builder = builder.resolve(target.host, address, target.port)
        if self._roots is not None:
            builder = builder.add_root_certificate_pem(self._roots)
        return builder.build()

    def _target(self, url: str) -> Target:
        return _read(url, self._to_loopback)


@lru_cache(maxsize=4096)
def _read(url: str, to_loopback: bool) -> Target:
    """Take a URL apart with the very parser of the client that will dial it. Raises NotAllowed."""
    if len(url) > _LONGEST_URL:
        raise NotAllowed(f"a URL is at most {_LONGEST_URL} characters long")
    if any(ord(character) <= 0x20 or character in "\\\x7f" for character in url):
        raise NotAllowed("a URL has no spaces, control characters or backslashes")
    written = _WRITTEN.match(url)
    if written is None or (written["scheme"].lower() == "http" and not to_loopback):
        raise NotAllowed("only https:// is dialled")
    if "@" in written["authority"]:
        raise NotAllowed("a URL names no user and no password")
    if "#" in url:
        raise NotAllowed("a URL to call has no fragment")
    try:
        parsed = Url(url)
    except ValueError as error:
        raise NotAllowed(f"not a URL: {error}") from None
    host, port = (parsed.host_str or "").strip("[]"), parsed.port_or_known_default
    if not port:
        raise NotAllowed("a URL names a port that can be dialled")
    literal = address_of(host) if parsed.domain is None else None
    if literal is None and not _NAME.fullmatch(host):
        raise NotAllowed("the host is not a name that can be looked up")
    return Target(str(parsed), parsed.scheme, host, port, literal)


class _Names:
    """What names resolved to, for a short while; of each name at most one look-up is under way.

    A slow name server then holds one thread for each bad name, and not one for each request. To keep an answer for a
    while opens nothing: the addresses dialled are the ones that were judged.
    """

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._found: _Recent[tuple[float, asyncio.Task[Sequence[Address]]]] = _Recent(_NAMES_KEPT)

    async def addresses(self, host: str, port: int) -> Sequence[Address]:
        loop = asyncio.get_running_loop()
        since, task = self._found.get((host, port), self._start, host, port)
        gone_bad = task.done() and (task.cancelled() or task.exception() is not None)
        if gone_bad or (task.done() and loop.time() - since > _NAMES_KEPT_SECONDS):
            self._found.drop((host, port))
            _, task = self._found.get((host, port), self._start, host, port)
        return await asyncio.shield(task)

    def _start(self, host: str, port: int) -> tuple[float, "asyncio.Task[Sequence[Address]]"]:
        loop = asyncio.get_running_loop()
        task = loop.create_task(self._look_up(host, port))
        task.add_done_callback(_observe)
        return loop.time(), task

    async def _look_up(self, host: str, port: int) -> Sequence[Address]:
        found = tuple(dict.fromkeys(address_of(text) for text in await self._resolver(host, port)))
        if not found:
            raise OSError("the name has no address")
        return found


def _observe(task: "asyncio.Task[Sequence[Address]]") -> None:
    """See a failure even where everybody who waited for it has given up: asyncio would complain that nobody did."""
    if not task.cancelled():
        task.exception()


class _Recent(Generic[T]):
    """The most recently used of what was made, by key; the rest is let go (requests under way keep what they use)."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable, make: Callable[..., T], *parts: object) -> T:
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = make(*parts)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(key)
        return kept

    def drop(self, key: Hashable) -> None:
        self._kept.pop(key, None)


_threads = ThreadPoolExecutor(32, thread_name_prefix="resolve")


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """Ask the system, on threads of its own: a look-up that hangs delays no other work."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _getaddrinfo, host, port)


def _getaddrinfo(host: str, port: int) -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except UnicodeError:
        raise OSError("the name cannot be looked up") from None


def _never_sent(error: RequestError) -> bool:
    """Whether the connection itself failed. The class of the error does not tell: a reset has the same one."""
    return any(cause["message"] == "client error (Connect)" for cause in error.details["causes"] or ())


def _cause(error: DetailedPyreqwestError) -> str:
    """The innermost cause, which is the one that says something."""
    causes = error.details["causes"]
    return causes[-1]["message"] if causes else error.message
