"""What the routes of webhooks read from a request beside its body: the sender, and what it would refuse."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Request

from services.gateway.feed.filters import faults_in
from services.gateway.webhooks.sender import Sender
from shared.dialler import NotAllowed
from shared.errors import Fault, Invalid


async def _sender(request: Request) -> Sender:
    sender: Sender = request.app.state.sender
    return sender


SenderOf = Annotated[Sender, Depends(_sender)]
"""The sender of this application."""


async def refuse_faults(sender: Sender, url: str | None, types: Sequence[str] | None) -> None:
    """Raise Invalid where a URL may not be dialled, or a type matches nothing; None is not looked at."""
    faults = faults_in(types or (), "/types")
    if url is not None:
        try:
            await sender.dialler.check(url)
        except NotAllowed as refused:
            faults.append(Fault("/url", str(refused), "url_refused"))
    if faults:
        raise Invalid(faults=faults)
