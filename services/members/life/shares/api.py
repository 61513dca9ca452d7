"""The route of shares."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.members.life.shares import domain
from services.members.life.shares.schemas import Shares
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router

router = Router(prefix="/v1/control", tags=["Common agenda"])

Since = Annotated[date | None, Query(description="decisions after this day; a year before unless it is said")]


@router.get("/shares", response_model=Shares, **needs("agenda:read"))
async def share_out_control(
    call: Call, since: Since = None, on: Annotated[date | None, Query(description="today unless it is said")] = None
) -> Shares:
    """Whose the agenda, the decisions, the roles, the programmes and the staff time are, by organisation.

    People count for the organisations where they had a place on the day. It names nobody.
    """
    return await call.read(domain.sum_up, since, on)
