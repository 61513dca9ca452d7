"""The route of equity."""

from typing import Annotated

from fastapi import Query

from services.measures.equity import domain
from services.measures.equity.schemas import Equity, EquityQuery
from services.measures.fields import MeasureId
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["measures"])


@router.get("/v1/measures/{measure}/equity", response_model=Equity, **needs("observations:read"))
async def read_equity(call: Call, measure: MeasureId, query: Annotated[EquityQuery, Query()]) -> Equity:
    """The measure across groups: the gap, the slope and relative index of inequality, and participation ratios.

    An index needs an ordered dimension of three groups or more, each with a figure. With `population`, groups are
    weighed by their people, and each has its share of those counted over its share of them. Those whose group is not
    known are shown and not ranked. An organisation sees the figures of others as a release shows them.
    """
    return Equity.of(await call.read(domain.read_equity, measure, query.wanted()))
