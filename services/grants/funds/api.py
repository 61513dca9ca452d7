"""Routes of funds and their contributions."""

from fastapi import Response

from services.grants.acting import by_user
from services.grants.fields import ContributionId, FundId
from services.grants.funds import domain, leaving, settling, store
from services.grants.funds.schemas import (
    Clearing,
    Contribution,
    Fund,
    FundChanges,
    Leaving,
    NewContribution,
    NewFund,
    Settlement,
    Settling,
    Spending,
)
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(tags=["funds"])


@router.post("/v1/funds", status_code=201, response_model=Fund, **needs("funds:write"))
async def create_fund(body: NewFund, call: Call) -> Response:
    """Set up a fund of a grant-maker for a purpose, in one currency. It is empty until a contribution clears."""
    said = dict(body) | {"restrictions": body.restrictions.stored()}
    return tagged(await call.write(domain.create_fund, **said, answer=Fund.of))


@router.get("/v1/funds", **needs("funds:read"))
async def list_funds(call: Call, paging: Paging, updated_since: UpdatedSince = None) -> Page[Fund]:
    """The movement's funds, each with its money, oldest first. `updated_since` is about what is said of them."""
    rows = await call.read(store.list_funds, updated_since=updated_since, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, Fund.of, lambda row: (row.fund.id,))


@router.get("/v1/funds/{fund_id}", **needs("funds:read"))
async def get_fund(fund_id: FundId, call: Call, response: Response) -> Fund:
    """A fund: what is promised, cleared, reserved by rounds, committed to awards, and still available."""
    shown = Fund.of(await call.read_by_key(domain.read_fund, fund_id))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/v1/funds/{fund_id}", response_model=Fund, **needs("funds:write"))
async def change_fund(fund_id: FundId, body: FundChanges, call: Call, expected: Expected) -> Response:
    """Change what is said of a fund: 403 `not_delegated` for an organisation whose own it is not."""
    return tagged(await call.write(domain.change_fund, call.principal, fund_id, body, expected, answer=Fund.of))


@router.get("/v1/funds/{fund_id}/spending", **needs("funds:read"))
async def get_spending(fund_id: FundId, call: Call) -> Spending:
    """How far a fund is spent, and what is at risk as its last day comes."""
    return Spending.of(await call.read(domain.spending_of, fund_id, call.parts.settings.spend_by_days))


@router.post("/v1/funds/{fund_id}/settle-underspend", response_model=Settlement, **needs("funds:write", user=True))
async def settle_underspend(fund_id: FundId, body: Settling, call: Call) -> Response:
    """Do with what nobody holds of a fund as its underspend rule says, once its last day has passed.

    It goes back to its funders, or (`to`) to another fund with each funder's restriction, in the ledger; or it is kept
    until a later day (`spend_by`), which may be said before. 409 `no_underspend_rule`, `not_due`, `not_left`;
    `outside_purpose` where a funder bound it to what the other fund is not for.
    """
    by_user(call)
    return await call.write(settling.settle, call.principal, fund_id, body.to, body.spend_by, answer=Settlement.of)


@router.post("/v1/funds/{fund_id}/take-suggestions", response_model=Fund, **needs("funds:write"))
async def take_suggestions(fund_id: FundId, call: Call) -> Response:
    """Draft in this fund the rounds that people's unmet wishes suggest. A movement's only fund takes them anyhow."""
    return await call.write(domain.take_suggestions, fund_id, answer=Fund.of)


@router.post("/v1/funds/{fund_id}/contributions", status_code=201, response_model=Contribution, **needs("funds:write"))
async def promise_contribution(fund_id: FundId, body: NewContribution, call: Call) -> Response:
    """Note what a funder promised to a fund. Only what has cleared can be reserved by rounds.

    Both amounts are in the fund's currency, and `cleared` is at most `promised`.
    """
    said = dict(body) | {"fits": body.fits.stored()}
    return await call.write(domain.promise_contribution, fund_id, **said, answer=Contribution.of)


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


@router.post(
    "/v1/funds/{fund_id}/contributions/{contribution_id}/reduce", response_model=Contribution, **needs("funds:write")
)
async def reduce_contribution(fund_id: FundId, contribution_id: ContributionId, body: Leaving, call: Call) -> Response:
    """Note that so much of a promise will not come; 409 `not_left` where it has arrived already."""
    return await call.write(leaving.reduce, fund_id, contribution_id, body.amount, answer=Contribution.of)


@router.post(
    "/v1/funds/{fund_id}/contributions/{contribution_id}/return",
    response_model=Contribution,
    **needs("funds:write", user=True),
)
async def return_contribution(fund_id: FundId, contribution_id: ContributionId, body: Leaving, call: Call) -> Response:
    """Send so much of a contribution back to its funder: 409 `not_left` where rounds, awards or payments have it."""
    by_user(call)
    return await call.write(
        leaving.give_back, call.principal, fund_id, contribution_id, body.amount, answer=Contribution.of
    )


@router.post(
    "/v1/funds/{fund_id}/contributions/{contribution_id}/take-fee",
    response_model=Contribution,
    **needs("funds:write", user=True),
)
async def take_fee(fund_id: FundId, contribution_id: ContributionId, body: Leaving, call: Call) -> Response:
    """Take so much of a contribution for running the fund: a line of its own in the ledger.

    409 `fee_forbidden` where its funder gave it for grants alone, `not_left` where rounds, awards or payments have it.
    """
    by_user(call)
    return await call.write(
        leaving.take_fee, call.principal, fund_id, contribution_id, body.amount, answer=Contribution.of
    )
