"""The route that tries out a change of an endpoint."""

from services.gateway.webhooks.dry_runs import domain
from services.gateway.webhooks.dry_runs.domain import Span, Tally
from services.gateway.webhooks.dry_runs.schemas import Difference, DryRun, Proposal
from services.gateway.webhooks.requests import refuse_unfit
from services.gateway.webhooks.schemas import EndpointId
from shared import clock
from shared.calls import Call, CallOf
from shared.needs import needs
from shared.pages import InvalidCursor, Paging, PagingOf
from shared.routing import Router

router = Router(tags=["webhooks"])

_KEPT_FOR_ANSWERING = 1.0


@router.post("/v1/webhook-endpoints/{endpoint}/dry-run", response_model=DryRun, **needs("events:read"))
async def try_webhook_change(endpoint: EndpointId, body: Proposal, call: Call, paging: Paging) -> DryRun:
    """What a change would have made of the last 30 days: exactly which events are gained, lost or sent otherwise.

    Nothing is changed and nothing is sent. Records asked for under `enrichment` are not in it. Where there are more
    differences than `limit`, or more events than one answer has time for, `next_cursor` goes on with the rest.
    """
    refuse_unfit(body.types, body.payload_filter, body.mapping)
    proposed = body.instead_of(await call.read(domain.present, endpoint))
    looked_at = await _span(call, paging)
    whole, through = Tally(looked_at.after), False
    until = call.deadline - _KEPT_FOR_ANSWERING
    while not through and len(whole.differences) < paging.limit and clock.timestamp() < until:
        part, through = await call.read(
            domain.compare, endpoint, call.principal.organisation, proposed, Span(whole.reached, looked_at.through),
            paging.limit - len(whole.differences),
        )  # fmt: skip
        whole.add(part)
    return DryRun(
        before=whole.before,
        after=whole.after,
        gained=whole.count("gained"),
        lost=whole.count("lost"),
        changed=whole.count("changed"),
        data=[Difference.of(each) for each in whole.differences],
        next_cursor=None if through else paging.cursor_at((whole.reached, looked_at.through)),
    )


async def _span(call: CallOf, paging: PagingOf) -> Span:
    match paging.after:
        case None:
            return await call.read(domain.span)
        case (int(reached), int(through)):
            return Span(reached, through)
    raise InvalidCursor
