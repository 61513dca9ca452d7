"""Routes of rounds."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Query, Response

from services.grants.decisions.drawing import domain as drawing
from services.grants.delegations.holding import held_to, of_fund, of_round
from services.grants.delegations.models import Power
from services.grants.fields import FundId, RoundId
from services.grants.rounds import domain, store
from services.grants.rounds.demand import Demand, demand
from services.grants.rounds.models import Round as RoundRow
from services.grants.rounds.models import RoundState
from services.grants.rounds.schemas import CallingOff, Farewell, NewRound, Round, RoundChanges
from shared.calls import Call, CallOf
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["rounds"])


@router.post("/v1/rounds", status_code=201, response_model=Round, **needs("rounds:write"))
async def draft_round(body: NewRound, call: Call) -> Response:
    """Draft a round of a fund. It holds no money, and takes no applications, until it is opened."""
    draft = held_to(call.principal, Power.ADMINISTER, of_fund(body.fund_id), domain.draft_round)
    return tagged(await call.write(draft, body, answer=Round.of))


@router.get("/v1/rounds", **needs("rounds:read"))
async def list_rounds(
    call: Call,
    paging: Paging,
    fund_id: Annotated[FundId | None, Query(alias="fund", description="only this fund's")] = None,
    state: Annotated[RoundState | None, Query(description="only those in this state")] = None,
    q: Annotated[str | None, Query(max_length=100, description="words of the title")] = None,
) -> Page[Round]:
    """The movement's rounds, oldest first."""
    rows = await call.read(
        store.list_rounds, fund_id=fund_id, state=state, q=q, after=paging.after_id, limit=paging.fetch
    )
    return paging.page(rows, Round.of, lambda row: (row.id,))


@router.get("/v1/rounds/{round_id}", **needs("rounds:read"))
async def get_round(round_id: RoundId, call: Call, response: Response) -> Round:
    """A round: its rules, what is committed to awards and what remains. Its `ETag` is what an edit names."""
    shown = Round.of(await call.read_by_key(domain.get_round, round_id))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.get("/v1/rounds/{round_id}/demand", **needs("rounds:read"))
async def get_demand(round_id: RoundId, call: Call) -> Demand:
    """What a round is asked for and awards, by theme, by place and by what became of it."""
    return Demand.of(await call.read(demand, round_id))


@router.patch("/v1/rounds/{round_id}", response_model=Round, **needs("rounds:write"))
async def change_round(round_id: RoundId, body: RoundChanges, call: Call, expected: Expected) -> Response:
    """Change a round that has not opened: its rules, its budget, the fund that it is of.

    409 `round_frozen` once it has opened: only the title can be changed then.
    """
    return tagged(await _step(call, Power.ADMINISTER, domain.change_round, round_id, body, expected))


@router.post("/v1/rounds/{round_id}/publish", response_model=Round, **needs("rounds:write"))
async def publish_round(round_id: RoundId, call: Call) -> Response:
    """Publish a draft with its rules and dates. It opens by itself at `opens_at`; without that, when it is opened."""
    return await _step(call, Power.ADMINISTER, domain.publish_round, round_id)


@router.post("/v1/rounds/{round_id}/open", response_model=Round, **needs("rounds:write"))
async def open_round(round_id: RoundId, call: Call) -> Response:
    """Open a round, publishing it if it was not: its rules are frozen, its budget reserved from cleared money.

    409 `over_fund` where the fund's money, less what other rounds hold, does not reach; nothing is reserved then.
    """
    return await _step(call, Power.ADMINISTER, drawing.open_round, round_id, call.parts.secrets)


@router.post("/v1/rounds/{round_id}/close", response_model=Round, **needs("rounds:write"))
async def close_round(round_id: RoundId, call: Call) -> Response:
    """Close an open round to applications, as it does by itself at `closes_at`. Its budget is still to be awarded."""
    return await _step(call, Power.ADMINISTER, domain.close_round, round_id)


@router.post("/v1/rounds/{round_id}/assess", response_model=Round, **needs("rounds:write"))
async def assess_round(round_id: RoundId, call: Call) -> Response:
    """Begin to weigh what came in, once it has closed."""
    return await _step(call, Power.ADMINISTER, domain.assess_round, round_id)


@router.post("/v1/rounds/{round_id}/decide", response_model=Round, **needs("rounds:write"))
async def decide_round(round_id: RoundId, call: Call) -> Response:
    """Note that every application of the round has its answer; 409 `applications_unanswered` where one has not."""
    return await _step(call, Power.AWARD, domain.decide_round, round_id)


@router.post("/v1/rounds/{round_id}/complete", response_model=Round, **needs("rounds:write"))
async def complete_round(round_id: RoundId, call: Call, body: Farewell | None = None) -> Response:
    """End a decided round for good: no more awards; what was not awarded is the fund's again.

    Whoever is still on the reserve list is declined with the reason and the help that are sent; 409
    `applications_unanswered` without them.
    """
    return await _step(call, Power.AWARD, domain.complete_round, round_id, body)


@router.post("/v1/rounds/{round_id}/cancel", response_model=Round, **needs("rounds:write"))
async def cancel_round(round_id: RoundId, call: Call, body: CallingOff | None = None) -> Response:
    """Call off a round that is not decided and has no live award (409 `round_has_awards`): its budget goes back.

    Of one that is published, groups are to be told why: 422 at `/reason` where nobody says so.
    """
    because = None if body is None else body.reason
    return await _step(call, Power.ADMINISTER, domain.cancel_round, round_id, because)


async def _step(call: CallOf, power: Power, verb: Callable[..., RoundRow], round_id: str, *told: object) -> Response:
    """A step with a round, by a caller who has this power over its fund."""
    step = held_to(call.principal, power, of_round(round_id), verb)
    return await call.write(step, round_id, *told, answer=Round.of)
