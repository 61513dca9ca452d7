"""The route of the overview: totals of the projection beside what the services say at this moment."""

from fastapi import Request, Response

from services.gateway.composed.composing import required
from services.gateway.overview.composition import SECTIONS, Composition
from services.gateway.overview.schemas import Overview
from services.gateway.overview.waiting import positions
from shared.calls import current_call
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["composed"])

# The page that everybody opens first: FastAPI reading the two parameters would cost as much as a service's answer.
_NEEDS = needs("overview:read")
_NEEDS["openapi_extra"]["parameters"] = [
    {
        "name": name,
        "in": where,
        "required": False,
        "schema": {"type": "string", "examples": [example]},
        "description": description,
    }
    for name, where, example, description in (
        ("require", "query", "members,measures", "sections that must be there, with commas; else 503"),
        ("Backbone-Wait-For", "header", "members/person_01j5x3m0e8f7v9q2k4t6w8y0ab@3", "positions of your writes"),
    )
]


@router.get("/v1/overview", response_model=Overview, **_NEEDS)
async def get_overview(request: Request) -> Response:
    """The movement at a glance. Every section says whether it is there, how old it is and where it comes from.

    `Backbone-Wait-For` with the `Backbone-Position` of your writes waits until the totals hold them, at most 2 seconds;
    `Backbone-Wait` answers `met`, `timed_out` or `parked`. The other sections are read at this moment and do not wait.
    """
    call = await current_call(request)
    composition: Composition = request.app.state.overview
    must_have = required(request.query_params.get("require", ""), SECTIONS) if request.scope["query_string"] else ()
    wait_for = request.headers.get("backbone-wait-for")
    waited = None if wait_for is None else await composition.wait(call, positions(wait_for))
    answered = await composition.compose(call, request, must_have)
    if waited is not None:
        answered.headers["backbone-wait"] = waited
    return answered
