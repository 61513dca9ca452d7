"""Telling members of a handover, with the gateway's own token: in the request that begins it, else by a worker.

Members takes a handover by its id and takes it once, so being told again after a crash between the two does no harm.
"""

import asyncio

import msgspec
import structlog

from services.gateway.handovers import domain, store
from services.gateway.handovers.models import Handover
from shared import clock
from shared.auth import service_principal, sign
from shared.errors import AppError
from shared.parts import Parts

_log = structlog.get_logger(__name__)
SECONDS_BETWEEN_LOOKS = 1.0
_LONGEST_SECONDS = 5.0


async def hand_over_pending(parts: Parts) -> None:
    """Tell members of every stored handover that it does not have, until cancelled. Killed, it goes on where it was."""
    while True:
        for handover in await parts.db.read(store.due, clock.now()):
            await hand_over(parts, handover)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def hand_over(parts: Parts, handover: Handover, deadline: float | None = None) -> None:
    """Tell members, for 5 seconds at most and not beyond a deadline (unix seconds), and store what came of it."""
    longest = clock.timestamp() + _LONGEST_SECONDS
    trouble = await _told(parts, handover, longest if deadline is None else min(longest, deadline))
    db = parts.acting_in(handover.movement)
    if trouble is None:
        await db.write(domain.handed_over, handover.movement, handover.id)
    else:
        _log.warning("handover_pending", handover=handover.id, attempts=handover.attempts + 1, trouble=trouble)
        await db.write(domain.not_yet, handover.movement, handover.id, trouble)


async def _told(parts: Parts, handover: Handover, deadline: float) -> str | None:
    """None once members has it, else the code of what went wrong."""
    token = sign(service_principal(parts.service, handover.movement), "members", parts.secrets)
    headers = [
        ("authorization", f"Bearer {token}"),
        ("content-type", "application/json"),
        ("backbone-request-id", handover.id),
    ]
    body = msgspec.json.encode(
        {
            "person": handover.person,
            "caretaker": handover.caretaker,
            "reason": handover.reason,
            "leaving_on": handover.leaving_on,
        }
    )
    try:
        answer = await parts.upstreams["members"].request(
            "PUT", f"/internal/handovers/{handover.id}", headers=headers, body=body, deadline=deadline
        )
    except AppError as error:
        return error.code
    return None if answer.status in (200, 201) else f"members_answered_{answer.status}"
