"""Routes by which a receiver finds out whether it has everything, and gets what it has not."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime

from services.gateway.feed.cloudevents import encode
from services.gateway.webhooks.completeness import domain
from services.gateway.webhooks.completeness.domain import Asked, Period
from services.gateway.webhooks.completeness.schemas import MissedEvents, Receipts
from services.gateway.webhooks.schemas import EndpointId
from shared import clock
from shared.calls import Call
from shared.errors import Fault, Invalid
from shared.needs import needs
from shared.pages import InvalidCursor, Paging, Position
from shared.routing import Router

router = Router(tags=["webhooks"])

_ENDPOINT = "/v1/webhook-endpoints/{endpoint}"

_Moment = Annotated[AwareDatetime | None, Query(description="by `recordedtime`, inclusive at its beginning")]
_Sequence = Annotated[int | None, Query(ge=0, lt=2**62, description="of the subject; itself left out")]


@router.get(_ENDPOINT + "/events", response_model=MissedEvents, **needs("events:read"))
async def list_missed_webhook_events(
    endpoint: EndpointId,
    call: Call,
    paging: Paging,
    source: Annotated[str | None, Query(max_length=50, description="as in the body")] = None,
    subject: Annotated[str | None, Query(max_length=200, description="as in the body")] = None,
    after_sequence: _Sequence = None,
    before_sequence: _Sequence = None,
    since: _Moment = None,
    until: _Moment = None,
) -> Response:
    """What this endpoint was to be sent: for a receiver that sees a gap, everything in it, by one call.

    A body whose `previous_sequence` is not the last `sequence` that you have of its `source` and `subject` shows a gap:
    send both, with what you have as `after_sequence` and the body's own as `before_sequence`. Where a receipt differs,
    send its `since` and `until`. It answers what matches the subscription now, also what was given up, or happened
    while the endpoint was disabled; nothing from before it was made.
    """
    if (source is None) != (subject is None):
        lacking = "source" if source is None else "subject"
        raise Invalid(faults=[Fault(f"?{lacking}", "source and subject go together", "needed")])
    of = None if source is None or subject is None else (source.removeprefix("/"), subject)
    asked = Asked(since, until, of, (after_sequence or 0, before_sequence))
    found = await call.read(
        domain.missed, endpoint, call.principal.organisation, asked, _position(paging.after), paging.limit
    )
    cursor = paging.cursor_at((found.reached,)) if found.more else None
    return Response(encode({"data": found.events, "next_cursor": cursor}), media_type="application/json")


@router.get(_ENDPOINT + "/receipts", response_model=Receipts, **needs("webhooks:read"))
async def list_webhook_receipts(
    endpoint: EndpointId,
    call: Call,
    since: Annotated[AwareDatetime, Query(description="the period in which it lies is the first")],
    until: Annotated[
        AwareDatetime | None, Query(description="the last period ends then or later; now if left out")
    ] = None,
    period: Period = "day",
) -> Receipts:
    """How many events this endpoint was to be sent in each period, and their rolling digest; at most 31 periods.

    Periods are days or hours of UTC, by the body's `recordedtime`. Whoever keeps the ids that arrived adds up SHA-256
    of each: where count and digest are the same, nothing is missing and nothing was made up. A script that does so is
    in the guide.
    """
    return Receipts.of(await call.read(domain.receipts, endpoint, since, until or clock.now(), period))


def _position(position: Position | None) -> int | None:
    match position:
        case None:
            return None
        case (int(reached),):
            return reached
    raise InvalidCursor
