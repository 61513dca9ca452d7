"""Routes of applications."""

from typing import Annotated

from fastapi import Query, Response

from services.grants.applications import domain, store
from services.grants.applications.models import ApplicationState
from services.grants.applications.schemas import Application, Contact, Decline, NewApplication, Receipt
from services.grants.decisions import by_hand
from services.grants.delegations.holding import held_to, of_application
from services.grants.delegations.models import Power
from services.grants.fields import ApplicationId, RoundId
from services.grants.reviews import sight
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(tags=["applications"])


@router.post("/v1/applications", status_code=201, response_model=Application, **needs("applications:write"))
async def submit_application(body: NewApplication, call: Call) -> Response:
    """Submit a group's application to an open round. What is submitted never changes.

    409 `round_not_open` or `round_closed` outside the round's time; 422 `outside_limits` or `wrong_currency` for an
    amount that the round does not award, `bank_details` where an answer holds some, and whatever the form asks for.
    """
    by = call.principal.user or call.principal.id
    return await call.write(domain.submit_application, body, by, answer=Application.of)


@router.get("/v1/applications", **needs("applications:read"))
async def list_applications(
    call: Call,
    paging: Paging,
    round_id: Annotated[RoundId | None, Query(alias="round", description="only this round's")] = None,
    state: Annotated[ApplicationState | None, Query(description="only those in this state")] = None,
    number: Annotated[str | None, Query(max_length=20, description="only that of this number")] = None,
    updated_since: UpdatedSince = None,
) -> Page[Application]:
    """The movement's applications, oldest first; those left out that the caller has an interest in, or may not read
    before they have declared. So a page may be shorter than was asked for, and is not the last one for that."""
    rows = await call.read(
        store.list_applications,
        round_id=round_id,
        state=state,
        number=number,
        since=updated_since,
        after=paging.after_id,
        limit=paging.fetch,
    )
    page = paging.page(rows, lambda row: row, lambda row: (row.id,))
    unseen = await call.read(sight.unseen, [row.id for row in page.data], call.principal)
    shown = [Application.of(row) for row in page.data if row.id not in unseen]
    return Page(data=shown, next_cursor=page.next_cursor)


@router.get("/v1/applications/{application_id}", **needs("applications:read"))
async def get_application(application_id: ApplicationId, call: Call) -> Application:
    """An application as it was submitted, and what became of it.

    403 `declare_first` for somebody who is to review it and has not declared, `conflicted` if they have an interest.
    """
    return Application.of(await call.read_by_key(sight.application_for, application_id, call.principal))


@router.get("/v1/applications/{application_id}/receipt", **needs("applications:read"))
async def get_receipt(application_id: ApplicationId, call: Call) -> Receipt:
    """What a group can show for its application: its number, the instant, and a digest of what was submitted."""
    return Receipt.of(await call.read_by_key(domain.get_application, application_id))


@router.get("/v1/applications/{application_id}/contact", **needs("applicants:read"))
async def get_contact(application_id: ApplicationId, call: Call) -> Contact:
    """Whom to reach about an application; 404 where nobody is named. Reviewers have no need of it, and no scope."""
    return Contact.model_validate(await call.read_by_key(domain.get_contact, application_id), from_attributes=True)


@router.put("/v1/applications/{application_id}/contact", status_code=204, **needs("applicants:write"))
async def change_contact(application_id: ApplicationId, body: Contact, call: Call) -> Response:
    """Name whom to reach about an application from now on, in place of whoever it was."""
    return await call.write(domain.change_contact, application_id, body, answer=None)


@router.post("/v1/applications/{application_id}/decline", response_model=Application, **needs("applications:write"))
async def decline_application(application_id: ApplicationId, body: Decline, call: Call) -> Response:
    """Say no to an application, for a plain reason and with one offer of help. 409 `decided_together` where a panel, a
    vote or a draw decides its round and has not."""
    return await call.write(
        held_to(call.principal, Power.AWARD, of_application(application_id), by_hand.decline_application),
        application_id,
        body.reason,
        body.help,
        answer=Application.of,
    )


@router.post("/v1/applications/{application_id}/withdraw", response_model=Application, **needs("applications:write"))
async def withdraw_application(application_id: ApplicationId, call: Call) -> Response:
    """Take an application back on the group's behalf; not while an award of it is live."""
    return await call.write(domain.withdraw_application, application_id, answer=Application.of)
