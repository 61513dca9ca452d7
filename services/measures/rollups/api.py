"""The route of roll-ups."""

from typing import Annotated

from fastapi import Query

from services.measures.fields import MeasureId
from services.measures.measures.rollups import Over
from services.measures.observations.models import EVERYBODY
from services.measures.rollups import domain
from services.measures.rollups.schemas import RollUp
from services.measures.series.api import AsOf, Cell, Programme, Reporter, Version
from shared.calls import Call
from shared.fields import GssCode
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["measures"])
OverQuery = Annotated[list[Over], Query(min_length=1, max_length=5, description="What the figures differ in.")]
First = Annotated[str, Query(alias="from", max_length=20, description="The first period.", examples=["2023-04"])]
Last = Annotated[str | None, Query(alias="to", max_length=20, description="The last period; the first where left out.")]
Places = Annotated[
    list[GssCode] | None, Query(max_length=400, description="Over places: these, instead of all within `place`.")
]


@router.get("/v1/measures/{measure}/roll-up", response_model=RollUp, **needs("observations:read"))
async def read_roll_up(
    call: Call,
    measure: MeasureId,
    over: OverQuery,
    place: Annotated[GssCode, Query(description="Where; over places, the whole.")],
    first: First,
    last: Last = None,
    places: Places = None,
    kind: Annotated[str | None, Query(max_length=60, description="Over places: only those of this kind.")] = None,
    cell: Cell = EVERYBODY,
    dimension: Annotated[str | None, Query(max_length=40, description="Over cells: the dimension.")] = None,
    version: Version = None,
    reporter: Reporter = None,
    programme: Programme = None,
    activity: Annotated[str, Query(max_length=80, description="Only figures of this activity; empty is none.")] = "",
    as_of: AsOf = None,
) -> RollUp:
    """Several figures as one, where the version allows it: counts are added, shares and means reckoned again.

    A mean of rates, a sum of people who may be counted twice, and anything that the version does not declare are
    refused with 409 `roll_up_refused` and the `reason`. Counts of people who may be counted twice are answered by
    `unique`, from the largest figure to the sum. Where figures are missing, `completeness` says so, and a sum is only
    a bound.
    """
    wanted = domain.Wanted(
        over, place, places or [], kind, first, last or first, cell, dimension, version, reporter, programme, activity,
        as_of,
    )  # fmt: skip
    return RollUp.of(await call.read(domain.read_roll_up, measure, wanted))
