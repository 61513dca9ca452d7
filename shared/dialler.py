"""The guarded dialler: every request to an address that a partner gave us goes through here (webhooks, CRMs).

A name is resolved once, every address it has is judged, and exactly a judged address is dialled, with the original name
for TLS and Host: to validate and then fetch by name is to be fooled by a name that changes in between. No redirect is
followed, no proxy of the environment is used, and an answer's body is cut off while it streams.
"""

import asyncio
import re
import ssl
import time
from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec
from pyreqwest.http import Url

from shared import http1
from shared.addresses import LOOPBACK, address_of, why_refused
from shared.http1 import Broken, NotConnected, Pool, head_of
from shared.recent import Recent
from shared.resolver import Addresses, Names, Resolver, system_resolver

_LONGEST_URL = 2048
_WRITTEN = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?#]+)", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_CONNECT_SECONDS, _CHECK_SECONDS = 5, 5
_IDLE_SECONDS = 60.0
"""How long a connection is kept: to make one anew, with TLS, costs both sides more than many requests."""
_POOLS_KEPT = 512
_WITHOUT_BODY = frozenset({"GET", "HEAD"})


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


class Target(msgspec.Struct, frozen=True):
    """Where a URL leads: what of it decides whom to dial. `literal` is set where its host is an address already.

    `authority` is the host as it is told whom it is, with a port that is not the scheme's own; `path` has the query.
    """

    authority: str
    path: str
    scheme: str
    host: str
    port: int
    literal: str | None


class Answer(msgspec.Struct, frozen=True):
    """What came back: the status, Retry-After, the first bytes of the body, and the address that said it.

    `headers` are those that were asked to be kept, in the case in which they were named.
    """

    status: int
    retry_after: str | None
    body: bytes
    address: str
    headers: Mapping[str, str]


class Dialler:
    """Dials partners' URLs. One for each process and purpose; it keeps connections open between requests.

    `to_loopback` allows this machine's own addresses, also by plain http (development). `resolver` and `roots` (more
    certificate authorities, PEM) replace the system's.
    """

    def __init__(
        self, *, to_loopback: bool = False, resolver: Resolver | None = None, roots: bytes | None = None
    ) -> None:
        self._to_loopback = to_loopback
        self._names = Names(resolver or system_resolver)
        self._roots = roots
        self._pools: Recent[Pool] = Recent(_POOLS_KEPT)

    async def check(self, url: str) -> None:
        """Judge a URL before it is stored. Raises NotAllowed.

        A name that does not resolve now passes: every dialling judges anew.
        """
        target = self._target(url)
        try:
            if self._known(target) is None:
                await self._looked_up(target, _CHECK_SECONDS)
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
        keep: Sequence[str] = (),
    ) -> Answer:
        """Send one request and read at most `most` bytes of the answer, all within `seconds`. Raises DialFailed.

        Where an address does not accept the connection, the name's next one is tried: nothing was sent yet.
        """
        ends, failure, dialled = time.time() + seconds, "", None
        try:
            target = self._target(url)
            request = _written(method, target, headers, body)
            for dialled in self._known(target) or await self._looked_up(target, seconds):
                try:
                    answer = await self._pool(target, dialled).ask(method, request, ends, most)
                except NotConnected as error:
                    failure = f"connect_failed: {error}"
                else:
                    return _read(answer, dialled, keep)
        except NotAllowed as error:
            failure = f"address_refused: {error}"
        except TimeoutError:
            failure = f"timeout: no whole answer within {seconds:g} s"
        except Broken as error:
            failure = f"broken_off: {error}"
        except OSError as error:
            failure = f"name_not_resolved: {error.strerror or error}"
        raise DialFailed(failure, dialled)

    def _known(self, target: Target) -> Addresses | None:
        """The addresses to try where nobody has to be asked for them, each judged. Raises NotAllowed if one is not."""
        found = (target.literal,) if target.literal is not None else self._names.known(target.host, target.port)
        return None if found is None else _judged(found, target.scheme, self._to_loopback)

    async def _looked_up(self, target: Target, seconds: float) -> Addresses:
        """The same of a name that has to be asked for. Raises OSError besides if there is none."""
        async with asyncio.timeout(seconds):
            found = await self._names.addresses(target.host, target.port)
        return _judged(found, target.scheme, self._to_loopback)

    def _pool(self, target: Target, address: str) -> Pool:
        return self._pools.get((target.scheme, target.host, target.port, address), self._opened, target, address)

    def _opened(self, target: Target, address: str) -> Pool:
        tls = _trusting(self._roots) if target.scheme == "https" else None
        return Pool(address, target.port, tls, name=target.host, connecting=_CONNECT_SECONDS, idle=_IDLE_SECONDS)

    def _target(self, url: str) -> Target:
        return _taken_apart(url, self._to_loopback)


@lru_cache(maxsize=8)
def _trusting(roots: bytes | None) -> ssl.SSLContext:
    """TLS that asks for a certificate of the name, signed by whom the system trusts, or by these besides."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if roots is not None:
        context.load_verify_locations(cadata=roots.decode())
    return context


def _written(method: str, target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {target.path} HTTP/1.1\r\n", f"host: {target.authority}\r\n"]
    lines += [f"{name}: {value}\r\n" for name, value in headers.items()]
    if body or method not in _WITHOUT_BODY:
        lines.append(f"content-length: {len(body)}\r\n")
    return head_of(target.path, lines) + body


def _read(answer: http1.Answer, address: str, keep: Sequence[str]) -> Answer:
    """What is kept of an answer. Of a header that it says twice the first counts."""
    kept = {name: value for name in keep if (value := answer.header(name.lower().encode())) is not None} if keep else {}
    return Answer(answer.status, answer.header(b"retry-after"), answer.body, address, kept)


@lru_cache(maxsize=4096)
def _taken_apart(url: str, to_loopback: bool) -> Target:
    """Take a URL apart as the standard of browsers does. Nobody does it again: what is dialled is what is judged.

    Raises NotAllowed.
    """
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
    literal = str(address_of(host)) if parsed.domain is None else None
    if literal is None and not _NAME.fullmatch(host):
        raise NotAllowed("the host is not a name that can be looked up")
    path = str(parsed).removeprefix(parsed.origin_ascii)
    return Target(parsed.authority, path, parsed.scheme, host, port, literal)


@lru_cache(maxsize=4096)
def _judged(addresses: Addresses, scheme: str, to_loopback: bool) -> Addresses:
    """The addresses, if each of them may be dialled; raises NotAllowed if one may not."""
    for address in addresses:
        reason = why_refused(address_of(address))
        if reason == LOOPBACK and to_loopback:
            continue
        if reason is not None:
            raise NotAllowed(f"the host's address is {reason}")
        if scheme != "https":
            raise NotAllowed("only https leaves this machine")
    return addresses
