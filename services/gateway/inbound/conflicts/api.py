"""Routes of what a person has to settle between a CRM and the movement."""

from typing import Annotated

from fastapi import Query, Response

from services.gateway.access.callers import last_seen
from services.gateway.crm.schemas import ConnectionId
from services.gateway.inbound.conflicts import domain
from services.gateway.inbound.conflicts.schemas import Conflict, ConflictId, Settlement
from services.gateway.inbound.models import ConflictState
from services.gateway.inbound.worker import TakerOf
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/crm-connections/{connection}/conflicts", tags=["CRM"])


@router.get("", response_model=Page[Conflict], **needs("crm_conflicts:read"))
async def list_crm_conflicts(
    connection: ConnectionId, call: Call, paging: Paging, state: Annotated[ConflictState | None, Query()] = None
) -> Page[Conflict]:
    """What a person has to settle, the oldest first: a field that both sides changed, a record that looks like somebody
    who is known, somebody whom the CRM has deleted."""
    rows = await call.read(domain.page, connection, state, last_seen(paging), paging.fetch, call.parts.secrets)
    return paging.page(rows, Conflict.of, lambda row: (row.conflict.id,))


@router.get("/{conflict}", response_model=Conflict, **needs("crm_conflicts:read"))
async def read_crm_conflict(connection: ConnectionId, conflict: ConflictId, call: Call) -> Conflict:
    """One thing to settle, with both values of a field as they were when it was last told."""
    return Conflict.of(await call.read_by_key(domain.read, connection, conflict, call.parts.secrets))


@router.post(
    "/{conflict}/settlement", status_code=202, response_model=Conflict, **needs("crm_conflicts:write", user=True)
)
async def settle_crm_conflict(
    connection: ConnectionId, conflict: ConflictId, body: Settlement, call: Call, taker: TakerOf
) -> Response:
    """Settle it: `take` says which side holds, of a record that looks like somebody `person` or `is_new` whose it is.

    It takes a person. It is carried out in the record's turn, and the log of messages has it as `settled`. 409
    `conflict_not_open` where it is settled, or nobody did while what it is about was kept.
    """
    verb = domain.settle
    return await call.write(verb, connection, conflict, body.said(), taker.wake, call.parts.secrets, answer=Conflict.of)
