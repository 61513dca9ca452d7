"""Routes of amendments."""

from fastapi import Response

from services.grants.fields import RoundId
from services.grants.rounds.amendments import domain
from services.grants.rounds.amendments.schemas import Amendment, NewAmendment
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["rounds"])


@router.post("/v1/rounds/{round_id}/amendments", status_code=201, response_model=Amendment, **needs("rounds:write"))
async def amend_round(round_id: RoundId, body: NewAmendment, call: Call) -> Response:
    """Amend a round that has opened, dated and for a reason: a later last day, more money, or a smaller quorum.

    409 `not_amendable` where its state forbids that, `over_fund` where the fund has not so much more.
    """
    return await call.write(
        domain.amend, round_id, body, call.principal, answer=lambda amended: Amendment.of(amended[0])
    )


@router.get("/v1/rounds/{round_id}/amendments", **needs("rounds:read"))
async def list_amendments(round_id: RoundId, call: Call, paging: Paging) -> Page[Amendment]:
    """What of a round's rules changed after its opening, the first first."""
    rows = await call.read(domain.list_amendments, round_id, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, Amendment.of, lambda row: (row.id,))
