"""The route of roll-ups."""

from typing import Annotated

from fastapi import Query

from services.measures.fields import MeasureId
from services.measures.rollups import domain
from services.measures.rollups.schemas import RollUp, RollUpQuery
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["measures"])


@router.get("/v1/measures/{measure}/roll-up", response_model=RollUp, **needs("observations:read"))
async def read_roll_up(call: Call, measure: MeasureId, query: Annotated[RollUpQuery, Query()]) -> RollUp:
    """Several figures as one, where the version allows it: counts are added, shares and means reckoned again.

    A mean of rates, a sum of people who may be counted twice, and anything that the version does not declare are
    refused with 409 `roll_up_refused` and the `reason`. Counts of people who may be counted twice are answered by
    `unique`, from the largest figure to the sum. Where figures are missing, `completeness` says so, and a sum is only
    a bound.
    """
    return RollUp.of(await call.read(domain.read_roll_up, measure, query.wanted()))
