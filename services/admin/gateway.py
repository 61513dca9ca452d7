"""The gateway as the pages see it: its JSON, on behalf of whoever is signed in."""

from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
from fastapi import Request

from shared.asgi import exchange_of
from shared.errors import Unavailable
from shared.upstream import UpstreamResponse

T = TypeVar("T")

COOKIE = "backbone_session"


class SignInNeeded(Exception):
    """Nobody is signed in, or their sign-in has ended."""


async def ask(
    request: Request, method: str, path: str, *, token: str | None = None, body: Mapping[str, Any] | None = None
) -> UpstreamResponse:
    """One call of the gateway's API. Raises SignInNeeded where it refuses the token, Unavailable where it is away."""
    exchange = exchange_of(request.scope)
    headers = [("traceparent", exchange.traceparent), ("content-type", "application/json")]
    if token is not None:
        headers.append(("authorization", f"Bearer {token}"))
    answer: UpstreamResponse = await request.app.state.parts.upstreams["gateway"].request(
        method, path, headers=headers, body=None if body is None else msgspec.json.encode(body),
        deadline=exchange.deadline,
    )  # fmt: skip
    if answer.status == 401 and token is not None:
        raise SignInNeeded
    return answer


async def read(request: Request, path: str, to: type[T]) -> T:
    """What a GET answers to the person who is signed in, in the shape that the page needs."""
    token = request.cookies.get(COOKIE)
    if token is None:
        raise SignInNeeded
    answer = await ask(request, "GET", path, token=token)
    if answer.status != 200:
        raise Unavailable(f"the gateway answered {answer.status}")
    return msgspec.json.decode(answer.body, type=to)
