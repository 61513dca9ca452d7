"""The route of comparisons."""

from typing import Annotated

from fastapi import Query

from services.measures.comparisons import domain
from services.measures.comparisons.schemas import Comparison
from services.measures.fields import MeasureId
from services.measures.observations.models import EVERYBODY
from services.measures.series.api import AsOf, Cell, Reporter, Version
from shared.calls import Call
from shared.fields import GssCode
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["measures"])
PeriodQuery = Annotated[str, Query(max_length=20, description="The period.", examples=["2023/24"])]
Places = Annotated[list[GssCode] | None, Query(max_length=400, description="These places.")]
Within = Annotated[GssCode | None, Query(description="All places directly within this one.")]
PlaceKind = Annotated[str | None, Query(max_length=60, description="Of those within, only this kind.")]
BenchmarkQuery = Annotated[GssCode | None, Query(description="The place to set them beside, such as England.")]
Programme = Annotated[str, Query(max_length=80, description="Only figures of this programme; empty is none.")]
Activity = Annotated[str, Query(max_length=80, description="Only figures of this activity; empty is none.")]


@router.get("/v1/measures/{measure}/comparison", response_model=Comparison, **needs("observations:read"))
async def compare_places(
    call: Call,
    measure: MeasureId,
    period: PeriodQuery,
    places: Places = None,
    within: Within = None,
    kind: PlaceKind = None,
    benchmark: BenchmarkQuery = None,
    version: Version = None,
    reporter: Reporter = None,
    programme: Programme = "",
    activity: Activity = "",
    cell: Cell = EVERYBODY,
    as_of: AsOf = None,
) -> Comparison:
    """The measure at many places in one period, each beside a benchmark where one is named.

    The benchmark's figure is its own, as it was reported; it is never made of the places'. A difference needs the
    components of both figures. These are true figures, not for sharing.
    """
    wanted = domain.Wanted(
        period, places or [], within, kind, benchmark, cell, version, reporter, programme, activity, as_of
    )
    return Comparison.of(await call.read(domain.compare_places, measure, wanted))
