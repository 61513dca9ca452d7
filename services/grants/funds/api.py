"""Routes of funds and their contributions."""

from fastapi import Response

from services.grants.fields import ContributionId, FundId
from services.grants.funds import domain, store
from services.grants.funds.schemas import Clearing, Contribution, Fund, NewContribution, NewFund
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["funds"])


@router.post("/v1/funds", status_code=201, response_model=Fund, **needs("funds:write"))
async def create_fund(body: NewFund, call: Call) -> Response:
    """Set up a fund of a grant-maker for a purpose, in one currency. It is empty until a contribution clears."""
    return await call.write(domain.create_fund, **dict(body), answer=Fund.of)


@router.get("/v1/funds", **needs("funds:read"))
async def list_funds(call: Call, paging: Paging) -> Page[Fund]:
    """The movement's funds, each with its money, oldest first."""
    rows = await call.read(store.list_positions, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, Fund.of, lambda row: (row.fund.id,))


@router.get("/v1/funds/{fund_id}", **needs("funds:read"))
async def get_fund(fund_id: FundId, call: Call) -> Fund:
    """A fund: what is promised, cleared, reserved by rounds, committed to awards, and still available."""
    return Fund.of(await call.read_by_key(domain.get_fund, fund_id))


@router.post("/v1/funds/{fund_id}/take-suggestions", response_model=Fund, **needs("funds:write"))
async def take_suggestions(fund_id: FundId, call: Call) -> Response:
    """Draft in this fund the rounds that people's unmet wishes suggest. A movement's only fund takes them anyhow."""
    return await call.write(domain.take_suggestions, fund_id, answer=Fund.of)


@router.post("/v1/funds/{fund_id}/contributions", status_code=201, response_model=Contribution, **needs("funds:write"))
async def promise_contribution(fund_id: FundId, body: NewContribution, call: Call) -> Response:
    """Note what a funder promised to a fund. Only what has cleared can be reserved by rounds.

    Both amounts are in the fund's currency, and `cleared` is at most `promised`.
    """
    return await call.write(domain.promise_contribution, fund_id, **dict(body), answer=Contribution.of)


@router.get("/v1/funds/{fund_id}/contributions", **needs("funds:read"))
async def list_contributions(fund_id: FundId, call: Call, paging: Paging) -> Page[Contribution]:
    """A fund's contributions, oldest first: who funds it, how much, and under which restriction."""
    rows = await call.read(domain.list_contributions, fund_id, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, Contribution.of, lambda row: (row.id,))


@router.post(
    "/v1/funds/{fund_id}/contributions/{contribution_id}/clear", response_model=Contribution, **needs("funds:write")
)
async def clear_contribution(fund_id: FundId, contribution_id: ContributionId, body: Clearing, call: Call) -> Response:
    """Note that so much more of a contribution has arrived; 409 `over_promise` where it passes what was promised."""
    return await call.write(domain.clear_contribution, fund_id, contribution_id, body.amount, answer=Contribution.of)
