"""The live sections of a composed read: one request each, all at once, each with a short deadline of its own.

What a service answers is passed on as it came: looked over, so that it cannot break our own JSON, and not parsed.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec

from services.gateway.composed.lastly import LastAnswers
from shared import clock
from shared.auth import sign
from shared.calls import CallOf
from shared.errors import DeadlinePassed, Unavailable

LONGEST_SECONDS = 3.0
_KEPT_FOR_ANSWERING = 0.25

Status = Literal["ok", "unavailable", "timed_out"]

_scan = msgspec.json.Decoder(msgspec.Raw).decode


class Ask(NamedTuple):
    """What a section asks of a service. ``shows_nobody``: no person is in it, so an older answer may stand in."""

    service: str
    path: str
    query: str = ""
    shows_nobody: bool = False

    def about(self, subject: str) -> "Ask":
        """The same with the id of whom or what it is about in place of ``{id}``. An id needs no escaping."""
        return self._replace(path=self.path.replace("{id}", subject), query=self.query.replace("{id}", subject))

    @property
    def route(self) -> str:
        """What it asks, as the documents say it."""
        return f"GET {self.path}{'?' if self.query else ''}{self.query}"


class Section(msgspec.Struct, frozen=True):
    """:class:`~services.gateway.composed.schemas.Section`, with its content as bytes."""

    status: Status
    source: str
    as_of: datetime | None
    stale: bool
    reason: str | None
    content: msgspec.Raw | None


class Answered(NamedTuple):
    """What came of asking: a section, and the status of the answer, None where there was none."""

    section: Section
    code: int | None


def ask_all(call: CallOf, asks: Mapping[str, Ask], lastly: LastAnswers) -> "dict[str, asyncio.Task[Answered]]":
    """Ask for every section on the caller's behalf, from now on: what they may not see there is missing here too.

    None of the tasks raises. Whoever does not wait for them cancels them.
    """
    deadline = min(call.deadline - _KEPT_FOR_ANSWERING, clock.timestamp() + LONGEST_SECONDS)
    begin = asyncio.get_running_loop().create_task
    return {name: begin(_ask(call, asked, deadline, lastly)) for name, asked in asks.items()}


async def _ask(call: CallOf, asked: Ask, deadline: float, lastly: LastAnswers) -> Answered:
    service = asked.service
    headers = [
        ("authorization", f"Bearer {sign(call.principal, service, call.parts.secrets)}"),
        ("backbone-request-id", call.request_id),
        ("traceparent", call.context.traceparent or ""),
    ]
    key = (call.principal, service, asked.path, asked.query)
    try:
        answer = await call.parts.upstreams[service].request(
            "GET", asked.path, headers=headers, query=asked.query, deadline=deadline
        )
    except DeadlinePassed:
        return _without("timed_out", service, f"{service} did not answer in time", lastly.found(key))
    except Unavailable as error:
        return _without("unavailable", service, error.detail, lastly.found(key))
    if answer.status >= 500:
        return _without("unavailable", service, f"{service} answered {answer.status}", lastly.found(key))
    if answer.status != 200:
        reason = "this credential may not read it" if answer.status == 403 else f"{service} answered {answer.status}"
        return _without("unavailable", service, reason, code=answer.status)
    try:
        content = _scan(answer.body)
    except msgspec.DecodeError:
        return _without("unavailable", service, f"{service} answered something else than JSON")
    now = clock.now()
    if asked.shows_nobody:
        lastly.note(key, content, now)
    return Answered(Section("ok", service, now, False, None, content), 200)


def _without(
    status: Status,
    service: str,
    reason: str | None,
    last: tuple[msgspec.Raw, datetime] | None = None,
    code: int | None = None,
) -> Answered:
    """A section that could not be had: with what was answered last, where that may stand in."""
    content, as_of = last or (None, None)
    return Answered(Section(status, service, as_of, last is not None, reason, content), code)
