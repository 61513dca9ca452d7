"""What anybody may read: `/open/{movement}/…`, without a key, from any web page, so often a minute from one address.

The service that opened the noun is asked on behalf of the public: a principal whose one scope only the routes that are
declared open ask for.
"""

from urllib.parse import quote

from starlette.responses import Response

from services.gateway.forward import forward
from services.gateway.limits import Header, Limits
from services.gateway.nouns import OPENED_BY
from services.gateway.unsigned import Addresses, caller_of, reached_at
from shared.asgi import Receive, Scope, Send, exchange_of
from shared.auth import Principal
from shared.errors import AppError
from shared.opened import MOVEMENT_NAME, PUBLIC_URL, SCOPE
from shared.parts import Parts

PREFIX = "/open/"

_PUBLIC = "public"
_METHODS = {"GET": "GET", "HEAD": "GET", "OPTIONS": "OPTIONS"}
"""What may be asked, and as what it is passed on: of the answer to HEAD our server sends the headers alone."""

_ANY_PAGE: list[Header] = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"etag, last-modified, link, ratelimit, ratelimit-policy, retry-after"),
]
_PREFLIGHT = {
    "access-control-allow-methods": "GET, HEAD, OPTIONS",
    "access-control-allow-headers": "*",
    "access-control-max-age": "86400",
}


class ReadOnly(AppError):
    """Something else than reading was asked of an open address."""

    status, code, title = 405, "method_not_allowed", "Open addresses are only read"


class PublicDoor:
    """The door of one gateway that stands open."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._limits = Limits(parts.settings.open_rate_limit)
        self._addresses = Addresses(parts.db, PREFIX, OPENED_BY)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request under `/open/`. Raises NotFound, TooManyRequests, ReadOnly."""
        exchange = exchange_of(scope)
        exchange.headers.extend(_ANY_PAGE)
        exchange.headers.extend(self._limits.take(caller_of(scope)))
        method = _METHODS.get(scope["method"])
        if method is None:
            raise ReadOnly(headers={"allow": _PREFLIGHT["access-control-allow-methods"]})
        if method == "OPTIONS":
            await Response(status_code=204, headers=_PREFLIGHT)(scope, receive, send)
            return
        whose = await self._addresses.read(scope)
        anybody = Principal(_PUBLIC, whose.movement, frozenset({SCOPE}))
        told = [(PUBLIC_URL, self._parts.settings.public_url or reached_at(scope)), (MOVEMENT_NAME, quote(whose.name))]
        await forward({**scope, "method": method}, receive, send, whose.service, anybody, self._parts, told=told)
