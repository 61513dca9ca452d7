"""What the routes of webhooks read from a request beside its body: the sender, and the version that an edit expects."""

import re
from collections.abc import Sequence
from typing import Annotated

import msgspec
from fastapi import Depends, Header, Request, Response

from services.gateway.feed.filters import faults_in
from services.gateway.webhooks.sender import Sender
from shared.dialler import NotAllowed
from shared.errors import Fault, Invalid, PreconditionFailed, PreconditionRequired

_TAG = re.compile(r'"(\d{1,18})"')


async def _sender(request: Request) -> Sender:
    sender: Sender = request.app.state.sender
    return sender


SenderOf = Annotated[Sender, Depends(_sender)]
"""The sender of this application."""


async def _expected(
    if_match: Annotated[str | None, Header(description="the `ETag` of what is to be edited, or `*`")] = None,
) -> int | None:
    if if_match is None:
        raise PreconditionRequired("send the ETag of what you read")
    if if_match.strip() == "*":
        return None
    tag = _TAG.fullmatch(if_match.strip())
    if tag is None:
        raise PreconditionFailed("it is not an ETag of this")
    return int(tag[1])


Expected = Annotated[int | None, Depends(_expected)]
"""The version that If-Match names; None for any."""


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


class _Versioned(msgspec.Struct):
    version: int


def tagged(response: Response) -> Response:
    """Give a response whose body has a `version` its ETag; it is the same when the answer is a repeated one."""
    response.headers["etag"] = tag_of(msgspec.json.decode(response.body, type=_Versioned).version)
    return response


def tag_of(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'
