"""Routes of the contact log."""

from datetime import date

from fastapi import Response

from services.members.fields import OrganisationId, PersonId
from services.members.life.contact_log import domain
from services.members.life.contact_log.models import ContactKind
from services.members.life.contact_log.schemas import Contact, ContactChanges, ContactId, NewContact
from services.members.life.contact_log.store import Chosen
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/contact-log", tags=["Contact log"])


@router.post("", status_code=201, response_model=Contact, **needs("contact_log:write"))
async def note_contact(body: NewContact, call: Call) -> Response:
    """Write down a call, a visit or a letter, and what is to follow it.

    What has happened is always taken. 409 `not_permitted` where the person does not permit the next step over its
    channel; 409 `not_available` where whoever would take it cannot.
    """
    return tagged(await call.write(domain.note, body, answer=Contact.of))


@router.get("", response_model=Page[Contact], **needs("contact_log:read", shows=ADMINISTRATION))
async def list_contacts(
    call: Call,
    paging: Paging,
    person: PersonId | None = None,
    organisation: OrganisationId | None = None,
    by: PersonId | None = None,
    kind: ContactKind | None = None,
    due_by: date | None = None,
    updated_since: UpdatedSince = None,
) -> Page[Contact]:
    """Contacts in the order in which they were written down.

    With `due_by`, those whose next step is open and due by that day, of people who permit it now.
    """
    chosen = Chosen(person, organisation, by, kind, due_by, updated_since)
    rows = await call.read(domain.list_contacts, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Contact.of, lambda row: (row.id,))


@router.get("/{contact}", response_model=Contact, **needs("contact_log:read", shows=ADMINISTRATION))
async def read_contact(contact: ContactId, call: Call, response: Response) -> Contact:
    """One contact, with its `ETag`."""
    row = await call.read(domain.read, contact)
    response.headers["etag"] = tag_of(row.version)
    return Contact.of(row)


@router.patch("/{contact}", response_model=Contact, **needs("contact_log:write"))
async def change_contact(contact: ContactId, body: ContactChanges, call: Call, expected: Expected) -> Response:
    """Put right what was written down wrongly. Send its `ETag` as `If-Match`."""
    return tagged(await call.write(domain.change, contact, body, expected, answer=Contact.of))


@router.post("/{contact}/drop-next-step", response_model=Contact, **needs("contact_log:write"))
async def drop_next_step(contact: ContactId, call: Call, expected: Expected) -> Response:
    """Nothing is to follow it any more. 409 `illegal_transition` where nothing was to, or it is done."""
    return tagged(await call.write(domain.drop_step, contact, expected, answer=Contact.of))
