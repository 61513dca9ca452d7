"""The overview page: how many people on which rung, what they pledged, the figures shared, the money on its way."""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.admin.gateway import SignInNeeded, read
from services.admin.overview.reading import Me, Overview
from services.admin.rendering import page
from shared.routing import Router

router = Router(include_in_schema=False)


@router.get("/")
async def overview(request: Request) -> Response:
    """The first page after signing in; whoever has not is asked to."""
    try:
        me = await read(request, "/v1/me", Me)
        found = await read(request, "/v1/overview", Overview)
    except SignInNeeded:
        return RedirectResponse("/sign-in", 303)
    return page("overview.html", me=me, overview=found)
