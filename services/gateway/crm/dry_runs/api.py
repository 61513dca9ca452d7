"""The route that tries out another mapping of a CRM."""

from services.gateway.crm.dry_runs import domain
from services.gateway.crm.dry_runs.domain import Reached
from services.gateway.crm.dry_runs.schemas import Difference, DryRun, Proposal
from services.gateway.crm.models import Errand
from services.gateway.crm.schemas import ConnectionId
from shared.calls import Call
from shared.needs import needs
from shared.pages import InvalidCursor, Paging, Position
from shared.routing import Router

router = Router(tags=["CRM"])


@router.post("/v1/crm-connections/{connection}/dry-run", response_model=DryRun, **needs("crm_conflicts:read"))
async def try_crm_mapping(connection: ConnectionId, body: Proposal, call: Call, paging: Paging) -> DryRun:
    """What a CRM would be sent by another mapping if all were told again: of each record exactly which fields.

    Nothing is changed, and nothing is sent. A part looks at `limit` records, organisations first, and shows those of
    which something would be sent; `next_cursor` goes on with the rest.
    """
    db = call.parts.acting_in(call.movement)
    found = await domain.look(
        call.parts, db, call.movement, connection, body.instead_of, _reached(paging.after), paging.limit
    )
    cursor = None if found.next is None else paging.cursor_at((found.next.kind.value, found.next.after or ""))
    data = [Difference.of(each) for each in found.differences]
    return DryRun(looked_at=found.looked_at, data=data, next_cursor=cursor)


def _reached(position: Position | None) -> Reached | None:
    match position:
        case None:
            return None
        case (str(kind), str(after)) if kind in (Errand.ORGANISATION, Errand.PERSON):
            return Reached(Errand(kind), after or None)
    raise InvalidCursor
