"""Routes of income and investments."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response

from services.grants.fields import IncomeId, InvestmentId
from services.grants.finances import domain, store
from services.grants.finances.models import IncomeKind, IncomeState
from services.grants.finances.schemas import (
    Brought,
    Income,
    IncomeChanges,
    Investment,
    InvestmentChanges,
    NewIncome,
    NewInvestment,
    NewRunningCost,
    RunningCost,
    Runway,
)
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1", tags=["income and investments"])


@router.post("/income", status_code=201, response_model=Income, **needs("income:write"))
async def note_income(body: NewIncome, call: Call) -> Response:
    """Note funding of the backbone itself: core money, or money that is tied to one thing."""
    return tagged(await call.write(domain.INCOME.note, body, answer=Income.of))


@router.get("/income", **needs("income:read"))
async def list_income(
    call: Call,
    paging: Paging,
    kind: IncomeKind | None = None,
    state: IncomeState | None = None,
    updated_since: UpdatedSince = None,
) -> Page[Income]:
    """The backbone's own funding, in the order in which it was noted."""
    rows = await call.read(
        store.page_of_income,
        kind=kind,
        state=state,
        updated_since=updated_since,
        after=paging.after_id,
        limit=paging.fetch,
    )
    return paging.page(rows, Income.of, lambda row: (row.id,))


@router.put("/income/running-cost", response_model=RunningCost, **needs("income:write"))
async def say_running_cost(body: NewRunningCost, call: Call) -> Response:
    """Say what the backbone costs in an ordinary month, in place of what was said before."""
    return await call.write(domain.say_running_cost, body.monthly, answer=RunningCost.of)


@router.get("/income/runway", **needs("income:read"))
async def get_runway(call: Call) -> Runway:
    """How many months the backbone's secured income lasts from today on; 409 `no_running_cost` if no cost is said."""
    return Runway.of(await call.read(domain.runway))


@router.get("/income/{income_id}", **needs("income:read"))
async def get_income(income_id: IncomeId, call: Call, response: Response) -> Income:
    """One income."""
    shown = Income.of(await call.read_by_key(domain.INCOME.get, income_id))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/income/{income_id}", response_model=Income, **needs("income:write"))
async def change_income(income_id: IncomeId, body: IncomeChanges, call: Call, expected: Expected) -> Response:
    """Change what is said of an income."""
    return tagged(await call.write(domain.INCOME.change, income_id, body, expected, answer=Income.of))


@router.delete("/income/{income_id}", status_code=204, response_model=None, **needs("income:write"))
async def drop_income(income_id: IncomeId, call: Call, expected: Expected) -> Response:
    """Take out an income that was noted by mistake."""
    return await call.write(domain.INCOME.drop, income_id, expected, answer=None)


@router.post("/investments", status_code=201, response_model=Investment, **needs("investments:write"))
async def note_investment(body: NewInvestment, call: Call) -> Response:
    """Note what the backbone brought in for others: it need not pass through a fund here."""
    return tagged(await call.write(domain.INVESTMENTS.note, body, answer=Investment.of))


@router.get("/investments", **needs("investments:read"))
async def list_investments(call: Call, paging: Paging, updated_since: UpdatedSince = None) -> Page[Investment]:
    """What the backbone brought in for others, in the order in which it was noted."""
    rows = await call.read(
        store.page_of_investments, updated_since=updated_since, after=paging.after_id, limit=paging.fetch
    )
    return paging.page(rows, Investment.of, lambda row: (row.id,))


@router.get("/investments/brought-in", **needs("investments:read"))
async def sum_up_investments(
    call: Call,
    since: Annotated[date | None, Query(description="agreed on this day or later")] = None,
    until: Annotated[date | None, Query(description="agreed on this day or earlier")] = None,
) -> Brought:
    """What was brought in for others, by currency, kind, and whether it passes through a fund here."""
    return Brought.of(await call.read(store.brought, since, until))


@router.get("/investments/{investment_id}", **needs("investments:read"))
async def get_investment(investment_id: InvestmentId, call: Call, response: Response) -> Investment:
    """One investment."""
    shown = Investment.of(await call.read_by_key(domain.INVESTMENTS.get, investment_id))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/investments/{investment_id}", response_model=Investment, **needs("investments:write"))
async def change_investment(
    investment_id: InvestmentId, body: InvestmentChanges, call: Call, expected: Expected
) -> Response:
    """Change what is said of an investment."""
    return tagged(await call.write(domain.INVESTMENTS.change, investment_id, body, expected, answer=Investment.of))


@router.delete("/investments/{investment_id}", status_code=204, response_model=None, **needs("investments:write"))
async def drop_investment(investment_id: InvestmentId, call: Call, expected: Expected) -> Response:
    """Take out an investment that was noted by mistake."""
    return await call.write(domain.INVESTMENTS.drop, investment_id, expected, answer=None)
