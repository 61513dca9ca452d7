"""The routes of comparisons: the figures, and the picture of them with the tables that say the same."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.measures.charts import answers, side_by_side
from services.measures.charts.pictures import Picture
from services.measures.comparisons import domain
from services.measures.comparisons.schemas import Comparison, ComparisonQuery
from services.measures.fields import MeasureId
from shared.calls import Call, CallOf
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["measures"])
Asked = Annotated[ComparisonQuery, Query()]


@router.get("/v1/measures/{measure}/comparison", response_model=Comparison, **needs("observations:read"))
async def compare_places(call: Call, measure: MeasureId, query: Asked) -> Comparison:
    """The measure at many places in one period, each beside a benchmark where one is named.

    The benchmark's figure is its own, as it was reported; it is never made of the places'. A difference needs the
    components of both figures. An organisation sees the figures of others as a release shows them.
    """
    return Comparison.of(await call.read(domain.compare_places, measure, query.wanted()))


@router.get("/v1/measures/{measure}/comparison.svg", **needs("observations:read", file="image/svg+xml"))
async def draw_comparison(call: Call, request: Request, measure: MeasureId, query: Asked) -> Response:
    """The comparison as an SVG picture with a title and a description; its `Link` leads to the tables."""
    return await answers.svg(call, request, await _picture(call, measure, query))


@router.get("/v1/measures/{measure}/comparison.png", **needs("observations:read", file="image/png"))
async def draw_comparison_png(call: Call, request: Request, measure: MeasureId, query: Asked) -> Response:
    """The same picture as PNG, for a paper that takes no SVG."""
    return await answers.png(call, request, await _picture(call, measure, query))


@router.get("/v1/measures/{measure}/comparison.csv", **needs("observations:read", file="text/csv"))
async def tabulate_comparison(call: Call, measure: MeasureId, query: Asked) -> Response:
    """What the picture shows, as a CSV table."""
    return answers.csv(await _picture(call, measure, query))


@router.get("/v1/measures/{measure}/comparison.html", **needs("observations:read", file="text/html"))
async def show_comparison(call: Call, measure: MeasureId, query: Asked) -> Response:
    """What the picture shows, as a page with a table."""
    return answers.page(await _picture(call, measure, query))


async def _picture(call: CallOf, measure: MeasureId, query: ComparisonQuery) -> Picture:
    return side_by_side.picture(Comparison.of(await call.read(domain.compare_places, measure, query.wanted())))
