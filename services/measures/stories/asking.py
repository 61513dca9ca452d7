"""Asking members whether people permit that their story is told, each time one is kept or shown: it fails closed.

What cannot be asked is not permitted, so while members is away nothing is shown that tells of somebody.
"""

from collections.abc import Collection
from typing import NamedTuple

import msgspec

from services.measures.stories.models import Reach
from shared.auth import service_principal, sign
from shared.calls import CallOf
from shared.errors import Unavailable

PURPOSE = "stories"
"""What members calls this use of people's data; it needs a yes."""


class Permitting(NamedTuple):
    """Those of the people whom the movement knows, and those of them who permit it now."""

    known: frozenset[str]
    permitting: frozenset[str]


class _Asked(msgspec.Struct):
    purpose: str
    channel: str
    people: list[str]


class _Answer(msgspec.Struct):
    known: frozenset[str]
    permitting: frozenset[str]


async def who_permits(call: CallOf, people: Collection[str], reach: Reach) -> Permitting:
    """Who of these people permits that their story is told so far. Raises Unavailable and DeadlinePassed."""
    if not people:
        return Permitting(frozenset(), frozenset())
    parts = call.parts
    token = sign(service_principal(parts.service, call.movement), "members", parts.secrets)
    answer = await parts.upstreams["members"].request(
        "POST",
        "/internal/permissions/asked",
        headers=[
            ("authorization", f"Bearer {token}"),
            ("content-type", "application/json"),
            ("backbone-request-id", call.request_id),
        ],
        body=msgspec.json.encode(_Asked(PURPOSE, reach.channel, sorted(people))),
        deadline=call.deadline,
    )
    if answer.status != 200:
        raise Unavailable(f"members did not say who permits it: {answer.status}")
    try:
        said = msgspec.json.decode(answer.body, type=_Answer)
    except msgspec.DecodeError:
        raise Unavailable("members did not say who permits it") from None
    return Permitting(said.known, said.permitting)
