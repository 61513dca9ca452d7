"""The routes of scorecards: the figures, and the picture of them with the tables that say the same."""

from typing import Annotated

from fastapi import Query, Request, Response

from services.measures.charts import answers, at_a_glance
from services.measures.charts.pictures import Picture
from services.measures.scorecards import domain
from services.measures.scorecards.schemas import Scorecard, ScorecardQuery
from shared.calls import Call, CallOf
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["measures"])
Asked = Annotated[ScorecardQuery, Query()]


@router.get("/v1/scorecard", response_model=Scorecard, **needs("observations:read"))
async def read_scorecard(call: Call, query: Asked) -> Scorecard:
    """Where measures stand at one place: last figure, change, target and trend, each by its newest published version.

    Twenty trends looked at together hold one that is surprising by chance alone, so `course` goes by p-values that are
    adjusted for the whole scorecard (Holm). An organisation sees the figures of others as a release shows them.
    """
    return Scorecard.of(await call.read(domain.read_scorecard, query.wanted()))


@router.get("/v1/scorecard/chart.svg", **needs("observations:read", file="image/svg+xml"))
async def draw_scorecard(call: Call, request: Request, query: Asked) -> Response:
    """The scorecard as an SVG picture with a title and a description; its `Link` leads to the tables."""
    return await answers.svg(call, request, await _picture(call, query))


@router.get("/v1/scorecard/chart.png", **needs("observations:read", file="image/png"))
async def draw_scorecard_png(call: Call, request: Request, query: Asked) -> Response:
    """The same picture as PNG, for a paper that takes no SVG."""
    return await answers.png(call, request, await _picture(call, query))


@router.get("/v1/scorecard/chart.csv", **needs("observations:read", file="text/csv"))
async def tabulate_scorecard(call: Call, query: Asked) -> Response:
    """What the picture shows, as a CSV table."""
    return answers.csv(await _picture(call, query))


@router.get("/v1/scorecard/chart.html", **needs("observations:read", file="text/html"))
async def show_scorecard(call: Call, query: Asked) -> Response:
    """What the picture shows, as a page with a table."""
    return answers.page(await _picture(call, query))


async def _picture(call: CallOf, query: ScorecardQuery) -> Picture:
    return at_a_glance.picture(Scorecard.of(await call.read(domain.read_scorecard, query.wanted())))
