"""Routes of stops."""

from datetime import timedelta

from fastapi import Response

from services.members.fields import PersonId
from services.members.trust.stops import domain
from services.members.trust.stops.schemas import Stop, StopId
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import OWN_RECORD

router = Router(prefix="/v1", tags=["Permissions"])


@router.post("/people/{person}/stops", status_code=201, response_model=Stop, **needs("permissions:write"))
async def say_stop(person: PersonId, call: Call) -> Response:
    """Stop everything that reaches a person, is published of them or handed on, whatever it rests on.

    It holds from the answer on. The receipts are the proof: what each part had standing and ended, and when; a part
    elsewhere answers by its `due_at` (`BACKBONE_STOP_MINUTES`). What the law demands and what the person has a contract
    for goes on, and so does their own record. A later yes, to one thing and naming the stop in `takes_back`, takes that
    out of it again.
    """
    by = call.principal.user or call.principal.id
    within = timedelta(minutes=call.parts.settings.stop_minutes)
    return await call.write(domain.say, person, by, within, answer=Stop.of)


@router.get("/people/{person}/stops", response_model=Page[Stop], **needs("permissions:read", shows=OWN_RECORD))
async def list_stops(person: PersonId, call: Call, paging: Paging) -> Page[Stop]:
    """When a person said stop, the first time first, each with its proof."""
    rows = await call.read(domain.list_stops, person, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Stop.of, lambda shown: (shown.stop.id,))


@router.get("/people/{person}/stops/{stop}", response_model=Stop, **needs("permissions:read", shows=OWN_RECORD))
async def read_stop(person: PersonId, stop: StopId, call: Call) -> Stop:
    """One stop, with its proof."""
    return Stop.of(await call.read(domain.read, person, stop))
