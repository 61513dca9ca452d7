"""The routes of composed reads: profiles, impact, the search, the six functions, the power audit."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from fastapi import Query, Request, Response

from services.gateway.access.users.schemas import OrganisationId, PersonId
from services.gateway.composed import profiles
from services.gateway.composed.asking import Ask, Section
from services.gateway.composed.composing import compose
from services.gateway.composed.functions import ASKS
from services.gateway.composed.power import POWER, misperceptions
from services.gateway.composed.schemas import Found, Functions, Kind, Power, profile_of
from services.gateway.composed.searching import SEARCHED, search_for
from shared.calls import Call, CallOf
from shared.fields import GssCode
from shared.ids import Id
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["composed"])

AwardId = Annotated[str, Id("award")]
Require = Annotated[str, Query(description="sections that must be there, with commas; else 503", max_length=500)]


async def _answered(call: CallOf, request: Request, noun: str, subject: str, asks: Mapping[str, Ask]) -> Response:
    about = {name: asked.about(subject) for name, asked in asks.items()}
    return await compose(call, request, {noun: subject}, about, request.app.state.last_answers, about=noun)


@router.get(
    "/v1/people/{person}/profile",
    response_model=profile_of("person", PersonId, profiles.PERSON),
    **needs("people:read"),
)
async def read_profile_of_a_person(person: PersonId, call: Call, request: Request, require: Require = "") -> Response:
    """Somebody at a glance: who they are, what they do and allow, and who walks beside them.

    Each section is what its route answers to the same caller: what they may not read there is missing here, and says
    so.
    """
    return await _answered(call, request, "person", person, profiles.PERSON)


@router.get(
    "/v1/organisations/{organisation}/profile",
    response_model=profile_of("organisation", OrganisationId, profiles.ORGANISATION),
    **needs("organisations:read"),
)
async def read_profile_of_an_organisation(
    organisation: OrganisationId, call: Call, request: Request, require: Require = ""
) -> Response:
    """An organisation at a glance: its people, what it takes part in and is committed to, and what it reports."""
    return await _answered(call, request, "organisation", organisation, profiles.ORGANISATION)


@router.get(
    "/v1/places/{code}/profile",
    response_model=profile_of("place", GssCode, profiles.PLACE),
    **needs("places:read"),
)
async def read_profile_of_a_place(code: GssCode, call: Call, request: Request, require: Require = "") -> Response:
    """A place at a glance: where it lies, how it fares by every measure, and what is told of it."""
    return await _answered(call, request, "place", code, profiles.PLACE)


@router.get(
    "/v1/awards/{award}/impact",
    response_model=profile_of("award", AwardId, profiles.IMPACT, called="impact"),
    **needs("awards:read"),
)
async def read_impact_of_an_award(award: AwardId, call: Call, request: Request, require: Require = "") -> Response:
    """From pounds to change: who gave the money, what was paid of it, what its group reports, and the figures and
    measures which that became."""
    return await _answered(call, request, "award", award, profiles.IMPACT)


@router.get("/v1/search", response_model=Found, **needs("me:read"))
async def search_everywhere(
    call: Call,
    request: Request,
    q: Annotated[str, Query(min_length=1, max_length=100, pattern=r"\w", description="what it is called")],
    kind: Annotated[list[Kind] | None, Query(description="these kinds of things alone")] = None,
    limit: Annotated[int, Query(ge=1, le=50, description="of each kind")] = 10,
    require: Require = "",
) -> Response:
    """Find people, organisations, assets, knowledge, measures, rounds and awards by name, all at once.

    Each section is what its route answers to the same caller, and needs its scope: without it the section says so.
    """
    asks = search_for(q, frozenset(kind or SEARCHED), limit)
    return await compose(call, request, {"q": q}, asks, request.app.state.last_answers)


@router.get("/v1/backbone/functions", response_model=Functions, **needs("overview:read"))
async def read_functions(call: Call, request: Request, require: Require = "") -> Response:
    """The six functions of a backbone organisation, and what is alive under each: sections named `function.part`."""
    return await compose(call, request, {"movement": call.movement}, ASKS, request.app.state.last_answers)


@router.get("/v1/backbone/power", response_model=Power, **needs("overview:read"))
async def read_power(
    call: Call,
    request: Request,
    since: Annotated[
        date | None, Query(description="decisions, awards and money after this day; else of a year")
    ] = None,
    on: Annotated[date | None, Query(description="how it stood on this day; today unless it is said")] = None,
    require: Require = "",
) -> Response:
    """Who has what part of agenda, awards, decisions, roles, staff time and money, and whether the five misperceptions
    of a backbone organisation are false: each with its figures, and null where nobody noted any.
    """
    days = "&".join(f"{name}={day}" for name, day in (("since", since), ("on", on)) if day is not None)
    asks = {name: asked._replace(query=days) for name, asked in POWER.items()}
    above = call.parts.settings.power_share

    def judged(sections: Mapping[str, Section]) -> Mapping[str, object]:
        return {"misperceptions": misperceptions(sections, above)}

    lastly = request.app.state.last_answers
    return await compose(call, request, {"movement": call.movement}, asks, lastly, following=judged)
