"""Where those call us who cannot sign in, tools, and people who answer a survey: `/hooks/{movement}/<noun>/…`.

The secret is in the rest of the path, and only the service that made it knows it: it is asked on behalf of a principal
whose one scope only the routes that are declared hooks ask for. Nothing of a path is counted or logged but its noun.
"""

from services.gateway.forward import forward
from services.gateway.limits import Limits
from services.gateway.nouns import HOOKED_BY
from services.gateway.unsigned import Addresses, caller_of
from shared.asgi import Receive, Scope, Send, exchange_of
from shared.auth import Principal
from shared.errors import AppError
from shared.opened import CALL_US
from shared.parts import Parts

PREFIX = "/hooks/"

_TOOL = "hook"
_METHODS = {"GET": "GET", "HEAD": "GET", "POST": "POST"}
"""What is passed on, and as what: tools look by GET whether an address is there before they post to it."""


class NotForHooks(AppError):
    """Something else than a call of a tool's."""

    status, code, title = 405, "method_not_allowed", "A hook is posted to"


class HookDoor:
    """The door of one gateway at which tools knock."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._limits = Limits(parts.settings.rate_limit)
        self._addresses = Addresses(parts.db, PREFIX, HOOKED_BY)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request under `/hooks/`. Raises NotFound, TooManyRequests, NotForHooks."""
        exchange = exchange_of(scope)
        exchange.headers.extend(self._limits.take(caller_of(scope)))
        method = _METHODS.get(scope["method"])
        if method is None:
            raise NotForHooks(headers={"allow": "GET, HEAD, POST"})
        whose = await self._addresses.read(scope)
        tool = Principal(_TOOL, whose.movement, frozenset({CALL_US}))
        await forward({**scope, "method": method}, receive, send, whose.service, tool, self._parts)
