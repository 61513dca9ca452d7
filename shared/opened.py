"""Open routes: what anybody may read without a key, at the gateway's `/open/{movement}/…`, and hooks.

    @router.get("/open/{movement}/openactive/sessions", response_model=Feed, **openly())
    async def session_series(opened: Opened) -> Feed:
        return await opened.call.read(domain.feed, opened.address("openactive/sessions"))

The gateway resolves the movement and vouches for the public, a principal that holds `SCOPE` and nothing else, so a
route that does not say `openly` stays shut to it. Tools that cannot sign in knock at `/hooks/{movement}/…` in the same
way: a route that says `hooked` finds out by itself who they are, from the secret in its path.
"""

from typing import Annotated
from urllib.parse import unquote

from fastapi import Depends, Path, Request

from shared.calls import Call, CallOf
from shared.needs import Needs, needs
from shared.uses import RECORD

SCOPE = "open:read"
CALL_US = "hooks:write"
PUBLIC_URL = "backbone-public-url"
"""The header in which the gateway says under which address it was reached: links in open documents are absolute."""

MOVEMENT_NAME = "backbone-movement-name"
"""The header in which it says what the movement is called, percent-encoded: open documents name who publishes them."""


def openly(*, shows: str | None = None, over: str = RECORD, file: str | None = None) -> Needs:
    """The route is for anybody, by way of the gateway. What it may say besides is as in :func:`shared.needs.needs`."""
    return needs(SCOPE, shows=shows, over=over, file=file)


def hooked() -> Needs:
    """The route is for a tool that calls us, by way of the gateway; the secret in its path says which."""
    return needs(CALL_US)


class OpenedTo:
    """A call of somebody unknown. Use it as `opened: Opened`."""

    def __init__(self, call: CallOf, root: str, name: str) -> None:
        self.call = call
        """The call: `read` asks within the movement that the address names."""
        self.root = root
        """The absolute address under which the movement opens its documents, without a slash at its end."""
        self.name = name
        """What the movement is called."""

    def address(self, path: str) -> str:
        """The absolute address of another open document of the movement, such as `openactive/sessions`."""
        return f"{self.root}/{path}"


async def _opened(
    request: Request, movement: Annotated[str, Path(description="the movement, by id or slug")], call: Call
) -> OpenedTo:
    public = request.headers.get(PUBLIC_URL) or call.parts.settings.public_url
    return OpenedTo(call, f"{public.rstrip('/')}/open/{movement}", unquote(request.headers.get(MOVEMENT_NAME, "")))


Opened = Annotated[OpenedTo, Depends(_opened)]
