"""The route by which the gateway hands on whom a CRM tells of. It is internal: the gateway forwards nothing to it."""

from fastapi import Response

from services.members.directory.crm import domain
from services.members.directory.crm.schemas import FromCrm, TakenIn
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router

internal = Router(prefix="/internal/crm", tags=["People"])


@internal.post("/people", response_model=TakenIn, **needs("people:write"))
async def take_in_person(body: FromCrm, call: Call) -> Response:
    """Who it is that a CRM tells of: somebody known, somebody new who is entered, or why they are not entered."""
    return await call.write(domain.take_in, body, call.parts.secrets, answer=lambda taken: taken)
