"""A picture as an answer: as SVG or PNG, drawn in the CPU process, or as the table that says the same."""

from pathlib import PurePosixPath

from fastapi import Request, Response

from services.measures.charts import drawing, tables
from services.measures.charts.pictures import Picture
from shared.calls import CallOf
from shared.csv_out import MEDIA_TYPE as CSV


async def svg(call: CallOf, request: Request, picture: Picture) -> Response:
    """The picture as SVG; its `Link` leads to the tables."""
    drawn = await call.parts.cpu.run(drawing.svg, picture, deadline=call.deadline)
    return Response(drawn, media_type="image/svg+xml", headers=_tables(request))


async def png(call: CallOf, request: Request, picture: Picture) -> Response:
    """The picture as PNG; its `Link` leads to the tables."""
    drawn = await call.parts.cpu.run(drawing.png, picture, deadline=call.deadline)
    return Response(drawn, media_type="image/png", headers=_tables(request))


def csv(picture: Picture) -> Response:
    """Its table as CSV."""
    return Response(tables.csv(picture), media_type=CSV)


def page(picture: Picture) -> Response:
    """Its table as a page."""
    return Response(tables.page(picture), media_type="text/html; charset=utf-8")


def _tables(request: Request) -> dict[str, str]:
    """Where the same is to be read: of the same figures, beside the picture."""
    name, query = PurePosixPath(request.url.path).stem, request.url.query
    links = ((f"{name}.html?{query}", "text/html"), (f"{name}.csv?{query}", "text/csv"))
    return {"link": ", ".join(f'<{target}>; rel="alternate"; type="{kind}"' for target, kind in links)}
