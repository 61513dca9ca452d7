"""Routes of support contacts."""

from typing import Annotated

from fastapi import Query, Response

from services.grants.fields import ApplicationId, SupportId
from services.grants.people.asking import refuse_unknown
from services.grants.people.fields import PersonId
from services.grants.support import domain
from services.grants.support.schemas import Contact, ContactChanges, NewContact, NewNote, Note
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/support-contacts", tags=["support contacts"])


@router.post("", status_code=201, response_model=Contact, **needs("support_contacts:write"))
async def begin_support(body: NewContact, call: Call) -> Response:
    """Have somebody, the grant buddy, walk beside the group of an application. 403 `not_delegated` for strangers."""
    await refuse_unknown(call, {"/person": body.person})
    return tagged(await call.write(domain.begin, call.principal, body, answer=Contact.of))


@router.get("", **needs("support_contacts:read"))
async def list_support(
    call: Call,
    paging: Paging,
    application_id: Annotated[ApplicationId | None, Query(alias="application", description="only its")] = None,
    person: Annotated[PersonId | None, Query(description="only theirs")] = None,
) -> Page[Contact]:
    """Who walks beside which group, those that ended too, oldest first."""
    rows = await call.read(domain.list_contacts, application_id, person, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, Contact.of, lambda row: (row.contact.id,))


@router.get("/{support_id}", **needs("support_contacts:read"))
async def get_support(support_id: SupportId, call: Call, response: Response) -> Contact:
    """One support contact."""
    shown = Contact.of(await call.read_by_key(domain.get, support_id))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{support_id}", response_model=Contact, **needs("support_contacts:write"))
async def change_support(support_id: SupportId, body: ContactChanges, call: Call, expected: Expected) -> Response:
    """Change its days; with a last day it ends."""
    return tagged(await call.write(domain.change, call.principal, support_id, body, expected, answer=Contact.of))


@router.post("/{support_id}/notes", status_code=201, response_model=Note, **needs("support_contacts:write"))
async def write_support_note(support_id: SupportId, body: NewNote, call: Call) -> Response:
    """Note that they were in touch, and what comes next."""
    return await call.write(domain.write_note, call.principal, support_id, body, answer=Note.of)


@router.get("/{support_id}/notes", **needs("support_contacts:read"))
async def list_support_notes(support_id: SupportId, call: Call, paging: Paging) -> Page[Note]:
    """The log of a support contact, oldest first."""
    rows = await call.read(domain.notes, support_id, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, Note.of, lambda row: (row.id,))
