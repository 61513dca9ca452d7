"""Routes of adoptions, of what they ask for, and of how complete a version's figures are."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response

from services.measures.adoptions import domain
from services.measures.adoptions.schemas import Adoption, AdoptionChanges, NewAdoption, Return, VersionsCompleteness
from services.measures.adoptions.store import Chosen
from services.measures.fields import AdoptionId, OrganisationId, VersionId
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(tags=["adoptions"])


@router.post("/v1/adoptions", status_code=201, response_model=Adoption, **needs("adoptions:write"))
async def adopt_version(body: NewAdoption, call: Call) -> Response:
    """Have a partner, or the movement itself, report by a published version.

    422 names every fault by its pointer, such as `unknown_organisation`, `organisation_ended` or `does_not_nest`;
    409 `version_not_published` for a draft, 409 `adopted_already` where the partner reports by it on one of these days.
    """
    return tagged(await call.write(domain.adopt, body, call.parts.settings.return_due_days, answer=Adoption.of))


@router.get("/v1/adoptions", response_model=Page[Adoption], **needs("adoptions:read"))
async def list_adoptions(
    call: Call,
    paging: Paging,
    organisation: Annotated[OrganisationId | None, Query(description="by any id that it ever had")] = None,
    measure_version: VersionId | None = None,
    on: Annotated[date | None, Query(description="those that hold on a day")] = None,
    updated_since: UpdatedSince = None,
) -> Page[Adoption]:
    """Adoptions in the order in which they were made."""
    chosen = Chosen(measure_version=measure_version, on=on, updated_since=updated_since)
    found = await call.read(domain.list_adoptions, organisation, chosen, paging.after_id, paging.fetch)
    return paging.page(found, Adoption.of, lambda shown: (shown.adoption.id,))


@router.get("/v1/adoptions/completeness", response_model=VersionsCompleteness, **needs("adoptions:read"))
async def read_completeness(
    call: Call,
    measure_version: VersionId,
    first: Annotated[date, Query(alias="from", description="the first of the days that the figures are of")],
    last: Annotated[date, Query(alias="to", description="the last of them")],
) -> VersionsCompleteness:
    """How much of what all adoptions of a version ask for in some days is there, and of each of them."""
    found = await call.read(domain.completeness, measure_version, first, last)
    return VersionsCompleteness.of(measure_version, found)


@router.get("/v1/adoptions/{adoption}", response_model=Adoption, **needs("adoptions:read"))
async def read_adoption(adoption: AdoptionId, call: Call, response: Response) -> Adoption:
    """One adoption."""
    shown = Adoption.of(await call.read(domain.read, adoption))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/v1/adoptions/{adoption}", response_model=Adoption, **needs("adoptions:write"))
async def change_adoption(adoption: AdoptionId, body: AdoptionChanges, call: Call, expected: Expected) -> Response:
    """Let an adoption end on another day, be due otherwise, or be about other places. What was reported stays."""
    return tagged(await call.write(domain.change, adoption, body, expected, answer=Adoption.of))


@router.get("/v1/adoptions/{adoption}/returns", response_model=Page[Return], **needs("adoptions:read"))
async def list_returns(
    adoption: AdoptionId,
    call: Call,
    paging: Paging,
    first: Annotated[date | None, Query(alias="from", description="periods that end on this day or later")] = None,
    last: Annotated[date | None, Query(alias="to", description="periods that start by this day; today")] = None,
) -> Page[Return]:
    """What each period asks of the partner, when it is due, and what is missing of it."""
    after = date.fromisoformat(str(paging.after[0])) if paging.after else first
    found, today = await call.read(domain.returns, adoption, after, last, paging.fetch)
    return paging.page(found, lambda due: Return.of(due, today), lambda due: (due.next_day.isoformat(),))
