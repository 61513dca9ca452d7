"""Routes of affiliations."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime

from services.members.directory.affiliations import domain
from services.members.directory.affiliations.schemas import (
    Affiliation,
    AffiliationChanges,
    AffiliationId,
    NewAffiliation,
)
from services.members.directory.affiliations.store import Chosen
from services.members.fields import OrganisationId, PersonId, Slug
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["Affiliations"])

On = Annotated[date | None, Query(description="those that hold on this day")]


@router.get("/affiliations", response_model=Page[Affiliation], **needs("affiliations:read", shows=ADMINISTRATION))
async def list_affiliations(
    call: Call,
    paging: Paging,
    person: PersonId | None = None,
    organisation: OrganisationId | None = None,
    role: Slug | None = None,
    on: On = None,
    updated_since: AwareDatetime | None = None,
) -> Page[Affiliation]:
    """People's places in organisations, in the order in which they were entered: a person's, an organisation's, all."""
    chosen = Chosen(person, organisation, role, on, updated_since)
    rows = await call.read(domain.list_affiliations, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Affiliation.of, lambda affiliation: (affiliation.id,))


@router.post("/affiliations", status_code=201, response_model=Affiliation, **needs("affiliations:write"))
async def enter_affiliation(body: NewAffiliation, call: Call) -> Response:
    """Say that a person belongs to an organisation, in what role and from when until when.

    409 `already_affiliated` where they have that role there on some of these days, `organisation_ended` where it would
    outlast the organisation.
    """
    return tagged(await call.write(domain.enter, body, answer=Affiliation.of))


@router.get(
    "/affiliations/{affiliation}", response_model=Affiliation, **needs("affiliations:read", shows=ADMINISTRATION)
)
async def read_affiliation(affiliation: AffiliationId, call: Call, response: Response) -> Affiliation:
    """One affiliation."""
    found = Affiliation.of(await call.read_by_key(domain.read, affiliation))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch("/affiliations/{affiliation}", response_model=Affiliation, **needs("affiliations:write"))
async def change_affiliation(
    affiliation: AffiliationId, body: AffiliationChanges, call: Call, expected: Expected
) -> Response:
    """Change the role or the days; `ended_on` ends it."""
    return tagged(await call.write(domain.change, affiliation, body, expected, answer=Affiliation.of))


@router.delete("/affiliations/{affiliation}", status_code=204, **needs("affiliations:write"))
async def remove_affiliation(affiliation: AffiliationId, call: Call, expected: Expected) -> Response:
    """Take away an affiliation that never was. One that is over is ended instead, so that its days stay known."""
    return await call.write(domain.remove, affiliation, expected, answer=None)
