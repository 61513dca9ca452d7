"""Routes of drafts of applications."""

from typing import Annotated

from fastapi import Query, Response

from services.grants.applications.drafts import domain, store
from services.grants.applications.drafts.schemas import Draft, DraftListed, NewDraft
from services.grants.applications.schemas import Application, Content
from services.grants.fields import ApplicationId, RoundId
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["applications"])
_DRAFT = "/v1/applications/drafts/{draft_id}"


@router.post("/v1/applications/drafts", status_code=201, response_model=Draft, **needs("applications:write"))
async def begin_application(body: NewDraft, call: Call) -> Response:
    """Begin an application and go on with it later. What is missing is told as `warnings`, and keeps nobody up.

    409 `round_closed` where the round takes no more applications; one that has not opened may be prepared for.
    """
    return tagged(await call.write(domain.begin, body, answer=lambda read: Draft.of(*read)))


@router.get("/v1/applications/drafts", **needs("applications:read"))
async def list_drafts(
    call: Call,
    paging: Paging,
    round_id: Annotated[RoundId | None, Query(alias="round", description="only this round's")] = None,
) -> Page[DraftListed]:
    """The applications that are begun and not submitted, oldest first."""
    rows = await call.read(store.list_drafts, round_id=round_id, after=paging.after_id, limit=paging.fetch)
    return paging.page(rows, DraftListed.of, lambda row: (row.id,))


@router.get(_DRAFT, **needs("applications:read"))
async def get_draft(draft_id: ApplicationId, call: Call, response: Response) -> Draft:
    """A draft as far as it has come, and what is still missing."""
    shown = Draft.of(*await call.read(domain.read, draft_id))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch(_DRAFT, response_model=Draft, **needs("applications:write"))
async def change_draft(draft_id: ApplicationId, body: Content, call: Call, expected: Expected) -> Response:
    """Go on with a draft: the fields that are sent take the place of what they were; null empties one."""
    return tagged(await call.write(domain.change, draft_id, body, expected, answer=lambda read: Draft.of(*read)))


@router.delete(_DRAFT, status_code=204, **needs("applications:write"))
async def drop_draft(draft_id: ApplicationId, call: Call) -> Response:
    """Drop a draft for good."""
    return await call.write(domain.drop, draft_id, answer=None)


@router.post(_DRAFT + "/submit", status_code=201, response_model=Application, **needs("applications:write"))
async def submit_draft(draft_id: ApplicationId, call: Call, expected: Expected) -> Response:
    """Submit a draft as it was read: it is an application of the same id then, and never changes.

    422 with every fault that it was warned of; the draft stays as it is.
    """
    by = call.principal.user or call.principal.id
    return await call.write(domain.submit, draft_id, by, expected, answer=Application.of)
