"""The route by which members asks a service what it keeps of somebody. The gateway leads nobody to it."""

from collections.abc import Callable

import msgspec
from fastapi import Request, Response
from sqlalchemy import orm

from shared.access.sections import Contribution
from shared.calls import Call
from shared.erasure.marks import Marks
from shared.errors import BadRequest
from shared.needs import needs
from shared.routing import Router

Telling = Callable[[orm.Session, str, Marks], Contribution]
"""What a service keeps of somebody, by reading: `(session, movement, asked)`."""


def router_of(telling: Telling) -> Router:
    """The route of one service."""
    router = Router(prefix="/internal/people", tags=["Requests"])

    @router.post("/records", response_model=None, **needs("archives:read"))
    async def tell_what_is_kept(request: Request, call: Call) -> Response:
        """All that this service keeps of somebody, in sections that they can read."""
        try:
            asked = msgspec.json.decode(await request.body(), type=Marks)
        except msgspec.DecodeError:
            raise BadRequest("it does not say who is asked for") from None
        return Response(msgspec.json.encode(await call.read(telling, asked)), media_type="application/json")

    return router
