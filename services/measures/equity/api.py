"""The route of equity."""

from typing import Annotated

from fastapi import Query

from services.measures.comparisons.api import Activity, PeriodQuery, Programme
from services.measures.equity import domain
from services.measures.equity.schemas import Equity
from services.measures.fields import MeasureId, VersionId
from services.measures.observations.models import EVERYBODY
from services.measures.series.api import AsOf, Cell, Reporter, Version
from shared.calls import Call
from shared.fields import GssCode
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["measures"])
DimensionQuery = Annotated[str, Query(max_length=40, description="A dimension of the version's scheme.")]
WorstLast = Annotated[
    bool, Query(description="The most disadvantaged category is the last; otherwise it is the first, as IMD decile 1.")
]
Population = Annotated[
    VersionId | None, Query(description="A version whose figures count the people of each group there.")
]


@router.get("/v1/measures/{measure}/equity", response_model=Equity, **needs("observations:read"))
async def read_equity(
    call: Call,
    measure: MeasureId,
    place: Annotated[GssCode, Query(description="Where.")],
    period: PeriodQuery,
    dimension: DimensionQuery,
    cell: Cell = EVERYBODY,
    worst_last: WorstLast = False,
    population: Population = None,
    version: Version = None,
    reporter: Reporter = None,
    programme: Programme = "",
    activity: Activity = "",
    as_of: AsOf = None,
) -> Equity:
    """The measure across groups: the gap, the slope and relative index of inequality, and participation ratios.

    An index needs an ordered dimension of three groups or more, each with a figure. With `population`, groups are
    weighed by their people, and each has its share of those counted over its share of them. Those whose group is not
    known are shown and not ranked. These are true figures, not for sharing.
    """
    wanted = domain.Wanted(
        place, period, dimension, cell, worst_last, population, version, reporter, programme, activity, as_of
    )
    return Equity.of(await call.read(domain.read_equity, measure, wanted))
