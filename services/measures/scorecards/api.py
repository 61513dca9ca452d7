"""The route of scorecards."""

from typing import Annotated

from fastapi import Query

from services.measures.comparisons.api import Activity, Programme
from services.measures.fields import MeasureId
from services.measures.observations.models import EVERYBODY
from services.measures.scorecards import domain
from services.measures.scorecards.schemas import Scorecard
from services.measures.series.api import AsOf, Cell, Reporter
from shared.calls import Call
from shared.fields import GssCode
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["measures"])
MeasuresQuery = Annotated[
    list[MeasureId] | None,
    Query(max_length=domain.MOST_MEASURES, description="Which measures, in this order; all (the first 100) if none."),
]
Periods = Annotated[int, Query(ge=2, le=40, description="How many of each measure's last periods to look at.")]


@router.get("/v1/scorecard", response_model=Scorecard, **needs("observations:read"))
async def read_scorecard(
    call: Call,
    place: Annotated[GssCode, Query(description="Where.")],
    measures: MeasuresQuery = None,
    cell: Cell = EVERYBODY,
    periods: Periods = 10,
    reporter: Reporter = None,
    programme: Programme = "",
    activity: Activity = "",
    as_of: AsOf = None,
) -> Scorecard:
    """Where measures stand at one place: last figure, change, target and trend, each by its newest published version.

    Twenty trends looked at together hold one that is surprising by chance alone, so `course` goes by p-values that are
    adjusted for the whole scorecard (Holm). These are true figures, not for sharing.
    """
    wanted = domain.Wanted(place, cell, measures, periods, reporter, programme, activity, as_of)
    return Scorecard.of(await call.read(domain.read_scorecard, wanted))
