"""Routes of organisations."""

from fastapi import APIRouter, Response

from services.members.directory.organisations import domain, store
from services.members.directory.organisations.schemas import NewOrganisation, Organisation
from services.members.fields import OrganisationId
from shared.calls import Call, needs
from shared.editing import tagged
from shared.pages import Page, Paging

router = APIRouter(prefix="/v1", tags=["Organisations"])


@router.post("/organisations", status_code=201, response_model=Organisation, **needs("organisations:write"))
async def create_organisation(body: NewOrganisation, call: Call) -> Response:
    """Enter an organisation. 422 `unknown_organisation` where its parent is none of this movement."""
    return tagged(await call.write(domain.create, body, answer=Organisation.of))


@router.get("/organisations/{organisation}", response_model=Organisation, **needs("organisations:read"))
async def read_organisation(organisation: OrganisationId, call: Call) -> Organisation:
    """One organisation. The id of one that was merged answers with the one that it is now."""
    return Organisation.of(await call.read(domain.read, organisation))


@router.get("/organisations", response_model=Page[Organisation], **needs("organisations:read"))
async def list_organisations(call: Call, paging: Paging) -> Page[Organisation]:
    """Organisations in the order in which they became known."""
    rows = await call.read(store.list_organisations, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Organisation.of, lambda organisation: (organisation.id,))
