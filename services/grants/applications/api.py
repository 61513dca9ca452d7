"""Routes of applications."""

from typing import Annotated

from fastapi import Query, Response

from services.grants.applications import domain, store
from services.grants.applications.models import ApplicationState
from services.grants.applications.schemas import Application, Decline, NewApplication
from services.grants.fields import ApplicationId, RoundId
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["applications"])


@router.post("/v1/applications", status_code=201, response_model=Application, **needs("applications:write"))
async def submit_application(body: NewApplication, call: Call) -> Response:
    """Submit a group's application to an open round. What is submitted never changes.

    409 `round_not_open` or `round_closed` outside the round's time; 422 `outside_limits` or `wrong_currency` for an
    amount that the round does not award.
    """
    return await call.write(domain.submit_application, **dict(body), answer=Application.of)


@router.get("/v1/applications", **needs("applications:read"))
async def list_applications(
    call: Call,
    paging: Paging,
    round_id: Annotated[RoundId | None, Query(alias="round", description="only this round's")] = None,
    state: Annotated[ApplicationState | None, Query(description="only those in this state")] = None,
) -> Page[Application]:
    """The movement's applications, oldest first."""
    rows = await call.read(
        store.list_applications, round_id=round_id, state=state, after=paging.after_id, limit=paging.fetch
    )
    return paging.page(rows, Application.of, lambda row: (row.id,))


@router.get("/v1/applications/{application_id}", **needs("applications:read"))
async def get_application(application_id: ApplicationId, call: Call) -> Application:
    """An application as it was submitted, and what became of it."""
    return Application.of(await call.read_by_key(domain.get_application, application_id))


@router.post("/v1/applications/{application_id}/decline", response_model=Application, **needs("applications:write"))
async def decline_application(application_id: ApplicationId, body: Decline, call: Call) -> Response:
    """Say no to a submitted application, for a plain reason."""
    return await call.write(domain.decline_application, application_id, body.reason, answer=Application.of)


@router.post("/v1/applications/{application_id}/withdraw", response_model=Application, **needs("applications:write"))
async def withdraw_application(application_id: ApplicationId, call: Call) -> Response:
    """Take a submitted application back on the group's behalf; not while an award of it is live."""
    return await call.write(domain.withdraw_application, application_id, answer=Application.of)
