"""Routes of whose the money is."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.grants.shares import domain
from services.grants.shares.schemas import AwardShares, FundingShares
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router

router = Router(prefix="/v1", tags=["income and investments"])

Since = Annotated[date | None, Query(description="after this day; a year before unless it is said")]
On = Annotated[date | None, Query(description="until this day; today unless it is said")]


@router.get("/awards/shares", response_model=AwardShares, **needs("awards:read"))
async def share_out_awards(call: Call, since: Since = None, on: On = None) -> AwardShares:
    """Who decides what is awarded, and which organisations it goes to: shares of the live awards of a time."""
    return await call.read(domain.awards, since, on)


@router.get("/income/shares", response_model=FundingShares, **needs("income:read"))
async def share_out_funding(call: Call, since: Since = None, on: On = None) -> FundingShares:
    """How much of what came into the movement in a time the backbone itself has."""
    return await call.read(domain.funding, since, on)
