"""Routes of organisations."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime

from services.members.directory.organisations import domain, reading, succession, undoing
from services.members.directory.organisations.schemas import (
    NewOrganisation,
    NewSuccession,
    Number,
    Organisation,
    OrganisationChanges,
    Scheme,
    Succeeded,
)
from services.members.directory.people.schemas import ExternalId
from services.members.fields import Label, OrganisationId, Slug
from services.members.named import organisation_now
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.errors import Fault, Invalid
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["Organisations"])

Register = Annotated[Scheme | None, Query(description="with `identifier`: the register, such as `GB-CHC`")]
Called = Annotated[Number | None, Query(description="with `scheme`: the organisation's number there")]


@router.post("/organisations", status_code=201, response_model=Organisation, **needs("organisations:write"))
async def create_organisation(body: NewOrganisation, call: Call) -> Response:
    """Enter an organisation. 409 `identifier_taken` where another has one of its identifiers or external ids."""
    return tagged(await call.write(domain.create, body, answer=Organisation.of))


@router.get("/organisations/{organisation}", response_model=Organisation, **needs("organisations:read"))
async def read_organisation(organisation: OrganisationId, call: Call, response: Response) -> Organisation:
    """One organisation. One that has ended says who goes on in its place; an id that was merged answers what it is."""
    found = Organisation.of(await call.read_by_key(domain.read, organisation))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch("/organisations/{organisation}", response_model=Organisation, **needs("organisations:write"))
async def change_organisation(
    organisation: OrganisationId, body: OrganisationChanges, call: Call, expected: Expected
) -> Response:
    """Change the fields that are sent. Nothing can be a part of itself (422 `circular`)."""
    return tagged(await call.write(domain.change, organisation, body, expected, answer=Organisation.of))


@router.post(
    "/organisations/{organisation}/external-ids",
    status_code=201,
    response_model=Organisation,
    **needs("organisations:write"),
)
async def add_organisations_external_id(organisation: OrganisationId, body: ExternalId, call: Call) -> Response:
    """Say what one more system calls an organisation. 409 `identifier_taken` where it calls another one that."""
    return tagged(await call.write(domain.add_external_id, organisation, body, answer=Organisation.of))


@router.delete(
    "/organisations/{organisation}/external-ids", response_model=Organisation, **needs("organisations:write")
)
async def remove_organisations_external_id(
    organisation: OrganisationId, called: Annotated[ExternalId, Query()], call: Call
) -> Response:
    """Forget what a system calls an organisation: `?system=civicrm&id=10432`."""
    return tagged(await call.write(domain.remove_external_id, organisation, called, answer=Organisation.of))


@router.post("/organisations/{organisation}/succession", response_model=Succeeded, **needs("organisations:write"))
async def succeed(organisation: OrganisationId, body: NewSuccession, call: Call, expected: Expected) -> Response:
    """End an organisation, and say who goes on in its place. `on` may be a day to come: until then all stays as it is.

    Each open affiliation passes on to the successor that names its role, or else to the one that takes `affiliations`;
    its parts and its open pledges to those that take `parts` and `pledges`. What nobody takes ends that day. 409
    `organisation_ended` the second time.
    """
    return await call.write(
        succession.succeed,
        organisation,
        body,
        expected,
        answer=lambda passed: Succeeded(
            organisation=Organisation.of(passed.shown), passed_on=passed.passed_on, ended=passed.ended
        ),
    )


@router.delete("/organisations/{organisation}/succession", response_model=Organisation, **needs("organisations:write"))
async def undo_succession(organisation: OrganisationId, call: Call, expected: Expected) -> Response:
    """Undo that an organisation ended, or is to end: nobody goes on in its place.

    Affiliations, parts and pledges that passed on or ended with it are its own again, but for what was edited since,
    which stays where it is. Pledges stay unpublished. 409 `not_ended` where there is nothing to undo.
    """
    return tagged(await call.write(undoing.undo, organisation, expected, answer=Organisation.of))


@router.get("/organisations", response_model=Page[Organisation], **needs("organisations:read"))
async def list_organisations(
    call: Call,
    paging: Paging,
    kind: Slug | None = None,
    tag: Label | None = None,
    parent: OrganisationId | None = None,
    scheme: Register = None,
    identifier: Called = None,
    updated_since: AwareDatetime | None = None,
) -> Page[Organisation]:
    """Organisations in the order in which they became known. `scheme` and `identifier` go together, and find one."""
    called = None if scheme is None or identifier is None else (scheme, identifier)
    if called is None and (scheme or identifier):
        missing = "scheme" if scheme is None else "identifier"
        raise Invalid(faults=[Fault(f"?{missing}", "goes with the other half of the identifier", "missing")])
    parent = await call.read_by_key(organisation_now, parent)
    rows = await call.read(
        reading.list_organisations, kind=kind, tag=tag, parent=parent, identifier=called,
        updated_since=updated_since, after=paging.after, limit=paging.fetch,
    )  # fmt: skip
    return paging.page(rows, Organisation.of, lambda organisation: (organisation.id,))
