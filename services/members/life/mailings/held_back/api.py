"""Routes of what came back, and of the quiet list."""

from fastapi import Response

from services.members.fields import PersonId
from services.members.life.mailings.held_back import domain
from services.members.life.mailings.held_back.models import ReturnKind
from services.members.life.mailings.held_back.schemas import (
    Lifting,
    MailReturn,
    NewQuiet,
    NewReturn,
    Quiet,
    QuietId,
    ReturnId,
    Settling,
)
from services.members.life.mailings.held_back.store import Chosen
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/mailings", tags=["Mailings"])


@router.post("/returns", status_code=201, response_model=MailReturn, **needs("mailings:write"))
async def note_return(body: NewReturn, call: Call) -> Response:
    """Write down what came back from an address and no tool has told: from then on it is held back.

    409 `shared_address` where several people have it: nothing is kept until `people` says whom it is about.
    """
    return tagged(await call.write(domain.note, body, call.parts.secrets, answer=MailReturn.of))


@router.get("/returns", response_model=Page[MailReturn], **needs("mailings:read", shows=ADMINISTRATION))
async def list_returns(
    call: Call,
    paging: Paging,
    kind: ReturnKind | None = None,
    unclear: bool | None = None,
    person: PersonId | None = None,
    updated_since: UpdatedSince = None,
) -> Page[MailReturn]:
    """What came back, in the order in which it came. Those that wait for somebody to say who it was: `unclear=true`."""
    chosen = Chosen(kind, unclear, person, updated_since)
    rows = await call.read(domain.list_returns, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, MailReturn.of, lambda came_back: (came_back.row.id,))


@router.get("/returns/{mail_return}", response_model=MailReturn, **needs("mailings:read", shows=ADMINISTRATION))
async def read_return(mail_return: ReturnId, call: Call, response: Response) -> MailReturn:
    """One of them, with its `ETag`."""
    shown = MailReturn.of(await call.read(domain.read, mail_return))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.post("/returns/{mail_return}/settle", response_model=MailReturn, **needs("mailings:write"))
async def settle_return(mail_return: ReturnId, body: Settling, call: Call, expected: Expected) -> Response:
    """Say which of those who share the address unsubscribed or complained: they refuse the purpose from now on."""
    return tagged(await call.write(domain.settle, mail_return, body, expected, answer=MailReturn.of))


@router.post("/returns/{mail_return}/lift", response_model=MailReturn, **needs("mailings:write"))
async def lift_return(mail_return: ReturnId, body: Lifting, call: Call, expected: Expected) -> Response:
    """Hold the address back no longer, and say why.

    409 `never_resubscribed` where somebody unsubscribed or complained and has not said yes since, or it is not known
    who. Nothing is sent to the tool: whoever unsubscribed there comes back by the tool's own form.
    """
    lifted = call.write(domain.lift, mail_return, body, expected, call.parts.secrets, answer=MailReturn.of)
    return tagged(await lifted)


@router.post("/quiet", status_code=201, response_model=Quiet, **needs("mailings:write"))
async def ask_for_quiet(body: NewQuiet, call: Call) -> Response:
    """Leave somebody out of every mailing, until a day is over or until they say otherwise; what they allow stays."""
    return await call.write(domain.ask_for_quiet, body, answer=Quiet.of)


@router.get("/quiet", response_model=Page[Quiet], **needs("mailings:read", shows=ADMINISTRATION))
async def list_quiet(call: Call, paging: Paging) -> Page[Quiet]:
    """The quiet list: who is left out of every mailing today."""
    rows = await call.read(domain.list_quiet, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Quiet.of, lambda row: (row.id,))


@router.post("/quiet/{quiet}/end", response_model=Quiet, **needs("mailings:write"))
async def end_quiet(quiet: QuietId, call: Call) -> Response:
    """They are written to again, as far as they allow."""
    return await call.write(domain.end_quiet, quiet, answer=Quiet.of)
