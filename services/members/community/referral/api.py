"""Open routes of the map by Open Referral UK 3.0: no key, from any web page, with ETags."""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import AfterValidator, AwareDatetime, BaseModel, StringConstraints
from pydantic_core import PydanticCustomError

from services.members.community.assets.schemas import Age, Day
from services.members.community.geography import district
from services.members.community.referral import domain
from services.members.community.referral.domain import Filters, Which
from services.members.community.referral.schemas import (
    ApiRoot,
    ReferralPage,
    Service,
    ServiceAtLocation,
    ServiceAtLocationSummary,
    ServiceSummary,
    Taxonomy,
    TaxonomyTerm,
)
from services.members.community.referral.store import Asked
from services.members.directory.people.names import words
from services.members.fields import Postcode
from shared.conditional import conditional
from shared.opened import Opened, openly
from shared.routing import Router

router = Router(prefix="/open/{movement}/referral", tags=["Open Referral UK"])

_ROOT = ApiRoot(
    version="HSDS-UK-3.0",
    profile="https://openreferraluk.org",
    openapi_url="https://openreferraluk.org/specifications/3.0/openapi.json",
)
"""The version as the profile's validator reads it, and where the profile and its OpenAPI document are."""


def _day(value: str) -> str:
    """A day of the week, by its name or by the two letters of RFC 5545."""
    named = next((day for day in Day if value.casefold() in (day.value, day.value[:2])), None)
    if named is None:
        raise PydanticCustomError("no_day", "is no day of the week")
    return named.value


Weekday = Annotated[str, StringConstraints(max_length=20), AfterValidator(_day)]
Time = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$")]


async def _which(
    page: Annotated[int, Query(ge=1, le=1_000_000, description="the page's number, the first one being 1")] = 1,
    per_page: Annotated[int, Query(ge=1, le=200, description="how many a page holds")] = 50,
) -> Which:
    return Which(page, per_page)


async def _by(taxonomy_term_id: UUID | None = None, taxonomy_id: UUID | None = None) -> Filters:
    return Filters(taxonomy_term_id, taxonomy_id)


async def _asked(
    search: Annotated[str, Query(max_length=100, description="the beginning of each word")] = "",
    minimum_age: Age | None = None,
    maximum_age: Age | None = None,
    start_time: Annotated[Time | None, Query(description="starting then or later")] = None,
    end_time: Annotated[Time | None, Query(description="ending then or earlier")] = None,
    day: Annotated[Weekday | None, Query(description="`monday` or `MO`")] = None,
    postcode: Annotated[Postcode | None, Query(description="in the district of this postcode")] = None,
    modified_after: AwareDatetime | None = None,
) -> Asked:
    return Asked(
        words=words(search),
        minimum_age=minimum_age,
        maximum_age=maximum_age,
        starts=start_time and start_time[:5],
        ends=end_time and end_time[:5],
        day=day,
        district=None if postcode is None else district(postcode),
        modified_after=modified_after,
    )


Paged = Annotated[Which, Depends(_which)]
Termed = Annotated[Filters, Depends(_by)]
Sought = Annotated[Asked, Depends(_asked)]


@router.get("", include_in_schema=False, **openly())
@router.get("/", response_model=ApiRoot, **openly())
async def read_root(request: Request, opened: Opened) -> Response:
    """Which version and profile of Open Referral the feed keeps to."""
    return _answer(request, _ROOT)


@router.get("/services", response_model=ReferralPage[ServiceSummary], **openly())
async def list_services(request: Request, opened: Opened, asked: Sought, by: Termed, which: Paged) -> Response:
    """What is published of the map, in the order in which it was entered. The skills of people are not in it."""
    return _answer(request, await opened.call.read(domain.services, asked, by, which))


@router.get("/services/{id}", response_model=Service, **openly())
async def read_service(id: UUID, request: Request, opened: Opened) -> Response:
    """One service with all that hangs on it. Of a group at risk the area is all that is said of its place."""
    return _answer(request, await opened.call.read(domain.service, id))


@router.get("/service_at_locations", response_model=ReferralPage[ServiceAtLocationSummary], **openly())
async def list_services_at_locations(
    request: Request, opened: Opened, asked: Sought, by: Termed, which: Paged
) -> Response:
    """The services of which something public is known of where they are."""
    located = replace(asked, located=True)
    return _answer(request, await opened.call.read(domain.at_locations, located, by, which))


@router.get("/service_at_locations/{id}", response_model=ServiceAtLocation, **openly())
async def read_service_at_location(id: UUID, request: Request, opened: Opened) -> Response:
    """One service where it is, with all that hangs on it."""
    return _answer(request, await opened.call.read(domain.at_location, id))


@router.get("/taxonomies", response_model=ReferralPage[Taxonomy], **openly())
async def list_taxonomies(request: Request, opened: Opened, which: Paged) -> Response:
    """The movement's two taxonomies: its own words for interests, and the kinds of assets."""
    return _answer(request, domain.taxonomies(opened.call.movement, which))


@router.get("/taxonomies/{id}", response_model=Taxonomy, **openly())
async def read_taxonomy(id: UUID, request: Request, opened: Opened) -> Response:
    """One taxonomy."""
    return _answer(request, domain.taxonomy(opened.call.movement, id))


@router.get("/taxonomy_terms", response_model=ReferralPage[TaxonomyTerm], **openly())
async def list_taxonomy_terms(request: Request, opened: Opened, which: Paged) -> Response:
    """The terms by which services are found: every interest of what is published, and every kind."""
    return _answer(request, await opened.call.read(domain.taxonomy_terms, which))


@router.get("/taxonomy_terms/{id}", response_model=TaxonomyTerm, **openly())
async def read_taxonomy_term(id: UUID, request: Request, opened: Opened) -> Response:
    """One term."""
    return _answer(request, await opened.call.read(domain.taxonomy_term, id))


def _answer(request: Request, document: BaseModel) -> Response:
    """The document without what is not known, for the profile has no nulls."""
    return conditional(request, document.model_dump_json(exclude_none=True).encode())
