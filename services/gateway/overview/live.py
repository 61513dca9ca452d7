"""The overview's live sections: one request to each service, all at once, each with a short deadline of its own.

What a service answers is passed on as it came: looked over, so that it cannot break our own JSON, and not parsed.
"""

import asyncio
from typing import Literal

import msgspec

from shared import clock
from shared.auth import sign
from shared.calls import CallOf
from shared.errors import DeadlinePassed, Unavailable

LONGEST_SECONDS = 3.0
_KEPT_FOR_ANSWERING = 0.25

_ASKED = {"members": "/v1/ladder", "measures": "/v1/measures", "grants": "/v1/rounds"}
"""What is asked of each service."""

_scan = msgspec.json.Decoder(msgspec.Raw).decode


class Answered(msgspec.Struct, frozen=True):
    """What came of asking a service: JSON as it was sent, or the reason why there is none."""

    service: str
    status: Literal["ok", "unavailable", "timed_out"]
    content: msgspec.Raw | None = None
    reason: str | None = None


def ask_all(call: CallOf) -> "list[asyncio.Task[Answered]]":
    """Ask every service on the caller's behalf, from now on: what the caller may not see there is missing here too.

    None of the tasks raises. Whoever does not wait for them cancels them.
    """
    deadline = min(call.deadline - _KEPT_FOR_ANSWERING, clock.timestamp() + LONGEST_SECONDS)
    begin = asyncio.get_running_loop().create_task
    return [begin(_ask(call, service, path, deadline)) for service, path in _ASKED.items()]


async def _ask(call: CallOf, service: str, path: str, deadline: float) -> Answered:
    headers = [
        ("authorization", f"Bearer {sign(call.principal, service, call.parts.secrets)}"),
        ("backbone-request-id", call.request_id),
        ("traceparent", call.context.traceparent or ""),
    ]
    try:
        answer = await call.parts.upstreams[service].request("GET", path, headers=headers, deadline=deadline)
    except DeadlinePassed:
        return Answered(service, "timed_out", reason=f"{service} did not answer in time")
    except Unavailable as error:
        return Answered(service, "unavailable", reason=error.detail)
    if answer.status == 403:
        return Answered(service, "unavailable", reason="this credential may not read it")
    if answer.status != 200:
        return Answered(service, "unavailable", reason=f"{service} answered {answer.status}")
    try:
        return Answered(service, "ok", _scan(answer.body))
    except msgspec.DecodeError:
        return Answered(service, "unavailable", reason=f"{service} answered something else than JSON")
