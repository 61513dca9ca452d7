"""The routes that the read model answers: drilling down, and what there is of a measure."""

import asyncio
from typing import Annotated

from fastapi import Query

from services.measures.analysis import domain
from services.measures.analysis.refreshing import up_to_date
from services.measures.analysis.schemas import Coverage, CoverageQuery, DrillDown, DrillDownQuery
from services.measures.fields import MeasureId
from services.measures.measures.domain import definition_to_read
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["measures"])


@router.get("/v1/measures/{measure}/drill-down", response_model=DrillDown, **needs("observations:read"))
async def drill_down(call: Call, measure: MeasureId, query: Annotated[DrillDownQuery, Query()]) -> DrillDown:
    """What each place directly within a place comes to, from the figures of the smaller places in it.

    Answered from columns that are made of the store, and hold every figure that was revealed before the question. It
    obeys the version's rule for rolling up over places. An organisation asks for its own figures alone.
    """
    wanted = query.wanted()
    ground = await call.read(domain.ground_of, measure, wanted)
    async with up_to_date(call.parts, call.movement) as model:
        totals = await asyncio.to_thread(model.totals, ground.asked(call.movement, wanted))
    return DrillDown.of_rows(ground, wanted, domain.rows(ground, totals))


@router.get("/v1/measures/{measure}/coverage", response_model=Coverage, **needs("observations:read"))
async def read_coverage(call: Call, measure: MeasureId, query: Annotated[CoverageQuery, Query()]) -> Coverage:
    """What there is of a measure, by period: how many figures, of how many places, by how many reporters."""
    found, version = await call.read_by_key(definition_to_read, measure, query.version)
    async with up_to_date(call.parts, call.movement) as model:
        covered = await asyncio.to_thread(model.coverage, call.movement, version.id, query.cell)
    return Coverage.of(found, version, query.cell, covered)
