"""Routes of handovers: somebody leaves. What they held is worked through at `/v1/stewardships/handovers`."""

import msgspec
from fastapi import Response

from services.gateway.access.callers import last_seen
from services.gateway.handovers import domain
from services.gateway.handovers.delivery import hand_over
from services.gateway.handovers.models import State
from services.gateway.handovers.schemas import Handover, HandoverId, NewHandover
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["access"])

_KEPT_FOR_ANSWERING = 0.5
_BEGINS = needs("handovers:write")


class _Begun(msgspec.Struct):
    id: str


@router.post(
    "/v1/handovers",
    status_code=201,
    response_model=Handover,
    responses=_BEGINS["responses"] | {202: {"model": Handover, "description": "Members has still to be told."}},
    openapi_extra=_BEGINS["openapi_extra"],
)
async def begin_handover(body: NewHandover, call: Call) -> Response:
    """Somebody leaves: their access ends in this request, and what they held goes to a caretaker and onto a list.

    First, in one transaction, the accounts are closed: every session of theirs and every key that they made is refused
    from then on. Then members is told, and everything they held is with the caretaker and on the list
    `/v1/stewardships/handovers/{id}`. Where members cannot be told now the answer is 202 and says so in `pending`:
    access has ended all the same, and members is told again until it has it. A user who has left before answers the
    handover through which they did. 409 `last_admin` for the only one who could let others in.
    """
    begun = await call.write(domain.begin, body, call.principal.scopes, answer=Handover.of, status=202)
    name = msgspec.json.decode(begun.body, type=_Begun).id
    stored, _ = await call.read_by_key(domain.read, name)
    if stored.state == State.PENDING:
        await hand_over(call.parts, stored, call.deadline - _KEPT_FOR_ANSWERING)
    handover = Handover.of(await call.read_by_key(domain.read, name))
    headers = {name: value for name, value in begun.headers.items() if name.startswith(("backbone-", "idempotent-"))}
    status = 202 if handover.pending else 201
    return Response(handover.model_dump_json(), status, headers, "application/json")


@router.get("/v1/handovers", response_model=Page[Handover], **needs("handovers:read"))
async def list_handovers(call: Call, paging: Paging) -> Page[Handover]:
    """Who left, in the order of their leaving, and whether members has been told of each."""
    rows = await call.read(domain.page, last_seen(paging), paging.fetch)
    return paging.page(rows, Handover.of, lambda row: (row[0].id,))


@router.get("/v1/handovers/{handover}", response_model=Handover, **needs("handovers:read"))
async def read_handover(handover: HandoverId, call: Call) -> Handover:
    """One leaving, as far as access goes."""
    return Handover.of(await call.read_by_key(domain.read, handover))
