"""The routes of series: the figures, and the picture of them with the tables that say the same."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Request, Response
from sqlalchemy.orm import Session

from services.measures.charts import answers, over_time
from services.measures.charts.pictures import Picture
from services.measures.fields import MeasureId
from services.measures.series import domain
from services.measures.series.queries import SeriesByPlaceQuery, SeriesQuery
from services.measures.series.schemas import Series, SeriesByPlace
from shared.as_json import as_json
from shared.calls import Call, CallOf
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["measures"])
Asked = Annotated[SeriesQuery, Query()]


@router.get("/v1/measures/{measure}/series", response_model=Series, **needs("observations:read"))
async def read_series(call: Call, measure: MeasureId, query: Asked) -> Series:
    """The measure at one place over time: counts, a 95 % interval where they give one, completeness and trend.

    Each period has the newest revision, or with `as_of` the one that was known then. A published percentage without
    its counts has no interval, and the point says so. Inside their own controller
    figures are true and not for sharing; to an organisation those of others are as a release shows them.
    """
    return Series.of(await call.read(domain.read_series, measure, query.wanted()))


@router.get("/v1/measures/{measure}/series-by-place", response_model=SeriesByPlace, **needs("observations:read"))
async def read_series_by_place(
    call: Call, measure: MeasureId, query: Annotated[SeriesByPlaceQuery, Query()]
) -> Response:
    """The measure over time at several places in one answer."""
    answer = await call.read(_by_place, measure, query.wanted_at(query.places[0]), query.places)
    return Response(answer, media_type="application/json")


@router.get("/v1/measures/{measure}/series.svg", **needs("observations:read", file="image/svg+xml"))
async def draw_series(call: Call, request: Request, measure: MeasureId, query: Asked) -> Response:
    """The series as an SVG picture with a title and a description; its `Link` leads to the tables."""
    return await answers.svg(call, request, await _picture(call, measure, query))


@router.get("/v1/measures/{measure}/series.png", **needs("observations:read", file="image/png"))
async def draw_series_png(call: Call, request: Request, measure: MeasureId, query: Asked) -> Response:
    """The same picture as PNG, for a paper that takes no SVG."""
    return await answers.png(call, request, await _picture(call, measure, query))


@router.get("/v1/measures/{measure}/series.csv", **needs("observations:read", file="text/csv"))
async def tabulate_series(call: Call, measure: MeasureId, query: Asked) -> Response:
    """What the picture shows, as a CSV table."""
    return answers.csv(await _picture(call, measure, query))


@router.get("/v1/measures/{measure}/series.html", **needs("observations:read", file="text/html"))
async def show_series(call: Call, measure: MeasureId, query: Asked) -> Response:
    """What the picture shows, as a page with a table."""
    return answers.page(await _picture(call, measure, query))


async def _picture(call: CallOf, measure: MeasureId, query: SeriesQuery) -> Picture:
    read = await call.read(domain.read_series, measure, query.wanted())
    return over_time.picture(Series.of(read), domain.periods_shown(read))


def _by_place(session: Session, movement: str, measure: str, wanted: domain.Wanted, places: Sequence[str]) -> bytes:
    """The answer, made where it is read: thousands of points would hold the event loop up, and nobody looks at them."""
    read = domain.read_by_place(session, movement, measure, wanted, places)
    return as_json(SeriesByPlace(data=[Series.of(series) for series in read]))
