"""The route of traces."""

from typing import Annotated

from fastapi import Path

from services.gateway.trace import domain
from services.gateway.trace.schemas import Trace
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["composed"])


@router.get("/v1/trace/{subject}", response_model=Trace, **needs("events:read"))
async def read_trace(
    subject: Annotated[str, Path(max_length=120, pattern="^[a-z_]+_[0-9a-z]{26}$")], call: Call
) -> Trace:
    """Where a change is on its way: give a request's id (of a problem's `instance`, or `Backbone-Request-Id`), an
    event's, or an entity's.

    It tells of the write, the outbox row, the place on the log, each projection and each attempt at a webhook; of
    nobody's data. Requests and events can be traced for as long as the outbox keeps what was published, entities
    always.
    """
    return await domain.trace(call, subject)
