"""Routes of mailings."""

from fastapi import Response

from services.members.life.mailings import domain
from services.members.life.mailings.models import LeftOut, MailingState, RecipientState
from services.members.life.mailings.schemas import (
    Mailing,
    MailingChanges,
    MailingId,
    NewMailing,
    Preview,
    Recipient,
)
from services.members.life.mailings.store import Chosen
from services.members.life.mailings.tools.schemas import ToolId
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.jobs import domain as jobs
from shared.jobs.schemas import Job
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/mailings", tags=["Mailings"])


@router.post("", status_code=201, response_model=Mailing, **needs("mailings:write"))
async def begin_mailing(body: NewMailing, call: Call) -> Response:
    """Begin a mailing: what it is called, through which tool, and to which segment. It is for the tool's purpose."""
    return tagged(await call.write(domain.begin, body, answer=Mailing.of))


@router.get("", response_model=Page[Mailing], **needs("mailings:read"))
async def list_mailings(
    call: Call,
    paging: Paging,
    state: MailingState | None = None,
    tool: ToolId | None = None,
    updated_since: UpdatedSince = None,
) -> Page[Mailing]:
    """Mailings in the order in which they were begun."""
    chosen = Chosen(state, tool, updated_since)
    rows = await call.read(domain.list_mailings, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Mailing.of, lambda written: (written.row.id,))


@router.get("/{mailing}", response_model=Mailing, **needs("mailings:read"))
async def read_mailing(mailing: MailingId, call: Call, response: Response) -> Mailing:
    """One mailing, with its `ETag`."""
    shown = Mailing.of(await call.read(domain.read, mailing))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{mailing}", response_model=Mailing, **needs("mailings:write"))
async def change_mailing(mailing: MailingId, body: MailingChanges, call: Call, expected: Expected) -> Response:
    """Change a mailing that went to nobody yet."""
    return tagged(await call.write(domain.change, mailing, body, expected, answer=Mailing.of))


@router.get("/{mailing}/preview", response_model=Preview, **needs("mailings:read", shows=ADMINISTRATION))
async def preview_mailing(mailing: MailingId, call: Call) -> Preview:
    """Whom it would reach if it were sent now, and who of the segment is left out and why.

    Nothing is kept of it: who permits it, who asked for quiet and who was written to too often is asked anew when it is
    sent.
    """
    return await call.read(domain.preview, mailing, call.parts.settings, call.parts.secrets)


@router.post("/{mailing}/send", status_code=202, response_model=Job, **needs("mailings:write"))
async def send_mailing(mailing: MailingId, call: Call, expected: Expected) -> Response:
    """Send it, in a job: to whoever is in the segment and permits it when their turn comes, and once.

    With a campaign the tool is given a group of its own for it, and told to send it there; without one, the group is
    filled and somebody sends it in the tool. Until the tool is told, `/v1/jobs/{id}/cancel` stops it. 409
    `illegal_transition` where it is being sent or was; 403 `agreement_missing` where no agreement covers it.
    """
    return await call.write(domain.send, mailing, jobs.id_for("members"), expected, answer=Job.of)


@router.get("/{mailing}/recipients", response_model=Page[Recipient], **needs("mailings:read", shows=ADMINISTRATION))
async def list_recipients(
    mailing: MailingId,
    call: Call,
    paging: Paging,
    state: RecipientState | None = None,
    reason: LeftOut | None = None,
) -> Page[Recipient]:
    """Who was in it, and who of the segment was left out and why, once it is being sent."""
    query = call.read(domain.recipients, mailing, state=state, reason=reason, after=paging.after, limit=paging.fetch)
    return paging.page(await query, Recipient.of, lambda row: (row.id,))
