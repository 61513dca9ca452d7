"""The style sheet: read once, served with a day's caching."""

from pathlib import Path

from fastapi import Response

from shared.routing import Router

router = Router()

_STYLE = (Path(__file__).parent / "static" / "backbone.css").read_bytes()


@router.get("/static/backbone.css", include_in_schema=False)
async def style_sheet() -> Response:
    """The one style sheet."""
    return Response(_STYLE, media_type="text/css", headers={"cache-control": "max-age=86400"})
