"""Routes of mailing tools."""

from fastapi import Response

from services.members.life.mailings.tools import domain
from services.members.life.mailings.tools.models import MailingTool
from services.members.life.mailings.tools.schemas import MadeTool, NewTool, Tool, ToolChanges, ToolId
from shared.calls import Call
from shared.dialler import Dialler, NotAllowed
from shared.editing import Expected, tag_of, tagged
from shared.errors import Fault, Invalid
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/mailings/tools", tags=["Mailings"])


@router.post("", status_code=201, response_model=MadeTool, **needs("mailing_tools:write"))
async def connect_tool(body: NewTool, call: Call) -> Response:
    """Connect a list of a mailing tool, which is kept true from then on: who permits the purpose by e-mail is on it.

    The answer has the path of the hook that the tool is to call, this once. 403 `agreement_missing` (or
    `agreement_expired`) where no agreement with whoever runs the tool covers `contact` data for the purpose.
    """
    dialler = Dialler(to_loopback=call.parts.settings.webhooks_to_loopback)
    try:
        await dialler.check(domain.api_address(body))
    except NotAllowed as refused:
        raise Invalid(faults=[Fault("/url", str(refused), "address_refused")]) from None
    secret = domain.new_secret()
    made = call.write(domain.connect, body, secret, call.parts.secrets, answer=lambda tool: _made(tool, secret))
    return tagged(await made)


@router.get("", response_model=Page[Tool], **needs("mailing_tools:read"))
async def list_tools(call: Call, paging: Paging) -> Page[Tool]:
    """Tools in the order in which they were connected, with what is wrong with any."""
    rows = await call.read(domain.list_tools, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Tool.of, lambda tool: (tool.id,))


@router.get("/{tool}", response_model=Tool, **needs("mailing_tools:read"))
async def read_tool(tool: ToolId, call: Call, response: Response) -> Tool:
    """One tool, with its `ETag`."""
    shown = Tool.of(await call.read(domain.read, tool))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{tool}", response_model=Tool, **needs("mailing_tools:write"))
async def change_tool(tool: ToolId, body: ToolChanges, call: Call, expected: Expected) -> Response:
    """Rename a tool, or give it another key to the account."""
    return tagged(await call.write(domain.change, tool, body, expected, call.parts.secrets, answer=Tool.of))


@router.post("/{tool}/hook", response_model=MadeTool, **needs("mailing_tools:write"))
async def renew_hook(tool: ToolId, call: Call, expected: Expected) -> Response:
    """Give the hook another secret: the address before leads nowhere from the answer on."""
    secret = domain.new_secret()
    renewed = call.write(
        domain.renew_hook, tool, expected, secret, call.parts.secrets, answer=lambda tool: _made(tool, secret)
    )
    return tagged(await renewed)


@router.post("/{tool}/end", response_model=Tool, **needs("mailing_tools:write"))
async def end_tool(tool: ToolId, call: Call, expected: Expected) -> Response:
    """Look after the list no more. The key is forgotten, and the hook leads nowhere; the list in the tool stays."""
    return tagged(await call.write(domain.end, tool, expected, answer=Tool.of))


def _made(tool: MailingTool, secret: str) -> MadeTool:
    path = f"/hooks/{tool.movement}/mailings/{tool.id}/{secret}"
    return MadeTool(**Tool.of(tool).model_dump(), hook=path)
