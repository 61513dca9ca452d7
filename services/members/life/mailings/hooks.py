"""The hooks that mailing tools call when something came back."""

from typing import Annotated

from fastapi import Path, Request, Response

from services.members.life.mailings.held_back import domain
from services.members.life.mailings.tools import domain as tools
from services.members.life.mailings.tools.schemas import ToolId
from shared.calls import Call
from shared.fields import View
from shared.opened import hooked
from shared.routing import Router

router = Router(prefix="/hooks/{movement}/mailings", tags=["Mailings"])

Movement = Annotated[str, Path(description="the movement, by id or slug")]
Secret = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{43}$")]


class Taken(View):
    """How many things were new of what a tool told."""

    taken: int


@router.get("/{tool}/{secret}", status_code=204, **hooked())
async def look_at_hook(movement: Movement, tool: ToolId, secret: Secret, call: Call) -> None:
    """Whether the address is a hook: Mailchimp looks before it posts there."""
    await call.read_by_key(tools.called_by, tool, secret, call.parts.secrets)


@router.post("/{tool}/{secret}", response_model=Taken, **hooked())
async def take_from_hook(movement: Movement, tool: ToolId, secret: Secret, request: Request, call: Call) -> Response:
    """Take in what a tool tells: unsubscribed, complained, bounced; the rest is none of our business.

    It may be told twice, late and in any order: what it says holds an address back, and nothing lets it go again.
    """
    return await call.write(domain.take_call, tool, secret, await request.body(), call.parts.secrets, answer=_taken)


def _taken(count: int) -> Taken:
    return Taken(taken=count)
