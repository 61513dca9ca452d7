"""Routes of capacity."""

from fastapi import Response

from services.members.community.capacity import domain
from services.members.community.capacity.schemas import Capacities, Capacity, NewCapacity
from services.members.fields import PersonId
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router
from shared.uses import OWN_RECORD

router = Router(prefix="/v1", tags=["Capacity"])


@router.post(
    "/people/{person}/capacity", status_code=201, response_model=Capacity, **needs("capacity:write", user=True)
)
async def say_capacity(person: PersonId, body: NewCapacity, call: Call) -> Response:
    """Say how much room you have, until when, and who may know.

    It is said by the person, signed in; or written down by somebody whom they told (`told_us_on`) and who is one of
    those with whom it is shared. Anybody else gets 403 `only_theirs_to_say`. What was said before is forgotten.
    """
    return await call.write(domain.say, person, body, call.principal.person, answer=_same)


@router.get("/people/{person}/capacity", response_model=Capacity, **needs("capacity:read", shows=OWN_RECORD))
async def read_capacity(person: PersonId, call: Call) -> Capacity:
    """What you may see of it: of yourself everything, of somebody who shares it with you the level, else nothing."""
    return await call.read(domain.read, person, call.principal.person)


@router.delete("/people/{person}/capacity", status_code=204, **needs("capacity:write", user=True))
async def take_back_capacity(person: PersonId, call: Call) -> Response:
    """Take back what you said; it is forgotten."""
    return await call.write(domain.take_back, person, call.principal.person, answer=None)


@router.get("/capacity", response_model=Capacities, **needs("capacity:read"))
async def count_capacity(call: Call) -> Capacities:
    """How much room people have, in numbers without a name. Small numbers are hidden and the others rounded."""
    settings = call.parts.settings
    return await call.read(domain.count, settings.hide_counts_up_to, settings.round_counts_to)


def _same(capacity: Capacity) -> Capacity:
    return capacity
