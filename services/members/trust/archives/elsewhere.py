"""What the other services keep of somebody: asked for over the hop, with this service's own token.

All of them answer or there is no archive: one that lacks a part would look whole.
"""

import asyncio

import msgspec

from shared import clock
from shared.access.sections import Contribution
from shared.auth import service_principal, sign
from shared.erasure.marks import Marks
from shared.errors import Unavailable
from shared.parts import Parts

SERVICES = ("gateway", "measures", "grants")
"""The services besides this one that keep something of people, in the order in which an archive has them."""
_LONGEST_SECONDS = 60.0


async def contributions(parts: Parts, movement: str, asked: Marks) -> list[Contribution]:
    """What each of them keeps of somebody. Raises Unavailable, DeadlinePassed, Refused."""
    return list(await asyncio.gather(*(_told(parts, service, movement, asked) for service in SERVICES)))


async def _told(parts: Parts, service: str, movement: str, asked: Marks) -> Contribution:
    token = sign(service_principal(parts.service, movement), service, parts.secrets)
    answer = await parts.upstreams[service].request(
        "POST",
        "/internal/people/records",
        headers=[("authorization", f"Bearer {token}"), ("content-type", "application/json")],
        body=msgspec.json.encode(asked),
        deadline=clock.timestamp() + _LONGEST_SECONDS,
    )
    if answer.status != 200:
        raise Unavailable(f"{service} answered {answer.status}")
    return msgspec.json.decode(answer.body, type=Contribution)
