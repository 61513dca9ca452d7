"""Addresses at which nobody signs in: `/open/{movement}/<noun>/…` and `/hooks/{movement}/<noun>/…`.

The movement stands in the path, by id or slug, and the noun says which service is asked.
"""

import ipaddress
import re
from collections.abc import Mapping
from typing import NamedTuple

from services.gateway.access.movements import store
from shared.asgi import Scope, exchange_of
from shared.db import Database, Session
from shared.errors import BadRequest, NotFound
from shared.remembered import Remembered

_HOST = re.compile(rb"[A-Za-z0-9._-]+(:\d{1,5})?|\[[0-9A-Fa-f:.]+\](:\d{1,5})?")


class Addressed(NamedTuple):
    """The movement's id and name, and the service that the rest of the path is for."""

    movement: str
    name: str
    service: str


class Addresses:
    """The addresses under one prefix; ``nouns`` says which service has each. It remembers the movements."""

    def __init__(self, database: Database, prefix: str, nouns: Mapping[str, str]) -> None:
        self._database = database
        self._prefix = prefix
        self._nouns = nouns
        self._movements: Remembered[tuple[str, str]] = Remembered()

    async def read(self, scope: Scope) -> Addressed:
        """Whose a request is and for whom; nothing of its path but the noun is counted or logged. Raises NotFound."""
        named, _, rest = scope["path"].removeprefix(self._prefix).partition("/")
        noun = rest.partition("/")[0]
        service = self._nouns.get(noun)
        if service is None:
            raise NotFound
        exchange_of(scope).route = f"{self._prefix}{{movement}}/{noun}"
        movement, name = await self._movements.look_up(self._database, named, lambda session: _named(session, named))
        return Addressed(movement, name, service)


def caller_of(scope: Scope) -> str:
    """Where a request comes from, as it is counted: one household or office has a /64 of IPv6 addresses to itself."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "unknown"
    return host if address.version == 4 else str(ipaddress.ip_network(f"{address}/64", strict=False))


def reached_at(scope: Scope) -> str:
    """The address by which the gateway was reached, where no setting says what it is called."""
    host: bytes = dict(scope["headers"]).get(b"host", b"")
    if not _HOST.fullmatch(host):
        raise BadRequest("the Host header is not that of a web address")
    return f"{scope['scheme']}://{host.decode()}"


def _named(session: Session, named: str) -> tuple[str, str]:
    found = store.find(session, named) or store.named(session, named)
    if found is None:
        raise NotFound("there is no such movement")
    return found.id, found.name
