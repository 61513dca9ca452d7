"""The route of the overview: totals of the projection beside what the services say at this moment."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response

from services.gateway.overview.composition import compose, required
from services.gateway.overview.handlers import CONSUMER
from services.gateway.overview.schemas import Overview
from services.gateway.overview.waiting import Waiting, positions
from shared.calls import Call, needs

router = APIRouter(tags=["composed"])


def waiting_of(request: Request) -> Waiting:
    """The waiting reads of this application."""
    waiting: Waiting = request.app.state.waiting
    return waiting


@router.get("/v1/overview", response_model=Overview, **needs("overview:read"))
async def get_overview(
    call: Call,
    waiting: Annotated[Waiting, Depends(waiting_of)],
    require: Annotated[str, Query(max_length=200, description="sections that must be there, else 503")] = "",
    backbone_wait_for: Annotated[str | None, Header(max_length=2000, description="positions of your writes")] = None,
) -> Response:
    """The movement at a glance. Every section says whether it is there, how old it is and where it comes from.

    `Backbone-Wait-For` with the `Backbone-Position` of your writes waits until the totals hold them, at most 2 seconds;
    `Backbone-Wait` answers `met`, `timed_out` or `parked`. The other sections are read at this moment and do not wait.
    """
    must_have = required(require)
    headers = {}
    if backbone_wait_for is not None:
        headers["backbone-wait"] = await waiting.wait(call, CONSUMER, positions(backbone_wait_for))
    return Response(await compose(call, CONSUMER, must_have), headers=headers, media_type="application/json")
