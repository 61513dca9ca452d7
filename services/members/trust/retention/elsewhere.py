"""How long the other services keep what tells of people: asked over the hop, each by itself.

One that cannot be reached is named, and why; the others are shown all the same.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from services.members.trust.archives.elsewhere import SERVICES
from shared import clock
from shared.auth import service_principal, sign
from shared.errors import AppError
from shared.parts import Parts
from shared.retention import Kept
from shared.upstream import read_json

_LONGEST_SECONDS = 5.0


class Told(NamedTuple):
    """What a service answered; None where it did not, and why."""

    service: str
    kept: Sequence[Kept] | None
    missing: str | None


async def told(parts: Parts, movement: str) -> list[Told]:
    """What each of the other services keeps of people, and until when."""
    return list(await asyncio.gather(*(_told(parts, service, movement) for service in SERVICES)))


async def _told(parts: Parts, service: str, movement: str) -> Told:
    token = sign(service_principal(parts.service, movement), service, parts.secrets)
    headers, deadline = [("authorization", f"Bearer {token}")], clock.timestamp() + _LONGEST_SECONDS
    upstream = parts.upstreams[service]
    try:
        kept = await read_json(upstream, "/internal/retention", list[Kept], headers=headers, deadline=deadline)
    except AppError as error:
        return Told(service, None, error.code)
    return Told(service, kept, None)
