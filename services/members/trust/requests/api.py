"""Routes of requests."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import Query, Response

from services.members import days
from services.members.fields import PersonId
from services.members.trust.erasures import beginning
from services.members.trust.requests import answering, domain, waiting
from services.members.trust.requests.models import Kind, RequestState
from services.members.trust.requests.periods import Periods
from services.members.trust.requests.schemas import (
    Acknowledgement,
    NewExtension,
    NewOutcome,
    NewRefusal,
    NewRequest,
    NewWait,
    RequestChanges,
    RequestId,
    RequestShown,
    Told,
    Verification,
    WaitAnswered,
)
from services.members.trust.requests.store import Chosen
from shared.calls import Call, CallOf
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router
from shared.uses import DUTY

router = Router(prefix="/v1/requests", tags=["Requests"])

DueBy = Annotated[date | None, Query(description="open ones whose last day is that one or before")]


@router.post("", status_code=201, response_model=RequestShown, **needs("requests:write"))
async def receive_request(body: NewRequest, call: Call) -> Response:
    """Take down a request by right, of any kind and by any channel, from anybody about anybody.

    It is due a calendar month after it came. One that is made for somebody else without authority is taken down too,
    and refused at once: `state` is `refused` and `answer` explains it. What an objection names in `purposes` is heeded
    at once, and decided as the request is unless it was decided before (`/v1/people/{person}/objections`).
    """
    shown = partial(RequestShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(domain.receive, body, _periods(call), answer=shown))


@router.get("", response_model=Page[RequestShown], **needs("requests:read", shows=DUTY))
async def list_requests(
    call: Call,
    paging: Paging,
    person: PersonId | None = None,
    kind: Kind | None = None,
    state: RequestState | None = None,
    open: bool | None = None,
    due_by: DueBy = None,
    updated_since: UpdatedSince = None,
) -> Page[RequestShown]:
    """Requests in the order in which they were taken down. `due_by` with yesterday's day finds the overdue ones."""
    chosen = Chosen(person, kind, state, open, due_by, updated_since)
    rows = await call.read(domain.list_requests, chosen=chosen, after=paging.after, limit=paging.fetch)
    today: date = await call.read_by_key(days.today)
    return paging.page(rows, partial(RequestShown.on, today), lambda shown: (shown.request.id,))


@router.get("/{request}", response_model=RequestShown, **needs("requests:read", shows=DUTY))
async def read_request(request: RequestId, call: Call, response: Response) -> RequestShown:
    """One request, with its `ETag`."""
    today: date = await call.read_by_key(days.today)
    shown = RequestShown.on(today, await call.read(domain.read, request))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{request}", response_model=RequestShown, **needs("requests:write"))
async def change_request(request: RequestId, body: RequestChanges, call: Call, expected: Expected) -> Response:
    """Correct what was taken down about an open request (409 `already_answered`); its last day follows."""
    shown = partial(RequestShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(domain.change, request, body, expected, _periods(call), answer=shown))


@router.post("/{request}/verify", response_model=RequestShown, **needs("requests:write"))
async def verify_request(request: RequestId, body: Verification, call: Call) -> Response:
    """Note how it was made sure who asks, and what proves that they may ask for another. No copy of it is kept.

    Where the authority does not reach (parental responsibility for an adult), the request is refused and says why. One
    of the kind `erase` makes its `erasure`, verified: preview it and start it (`/v1/erasures`); it ends the request.
    """
    shown = partial(RequestShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(beginning.verify, request, body, call.parts.secrets, answer=shown))


@router.post("/{request}/waits", status_code=201, response_model=RequestShown, **needs("requests:write"))
async def ask_requester(request: RequestId, body: NewWait, call: Call) -> Response:
    """Ask the requester for a proof, or what they mean (409 `already_waiting` while the same is not answered)."""
    shown = partial(RequestShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(waiting.ask_back, request, body, answer=shown))


@router.post("/{request}/waits/answer", response_model=RequestShown, **needs("requests:write"))
async def note_requesters_answer(request: RequestId, body: WaitAnswered, call: Call) -> Response:
    """Note that the requester answered: a proof begins the period, what was clarified adds the days that it took."""
    shown = partial(RequestShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(waiting.answered, request, body, _periods(call), answer=shown))


@router.post("/{request}/acknowledge", response_model=RequestShown, **needs("requests:write"))
async def acknowledge_request(request: RequestId, body: Acknowledgement, call: Call) -> Response:
    """Note that whoever asked was told that it came; for a complaint, `acknowledge_by` says until when."""
    shown = partial(RequestShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(answering.acknowledge, request, body, answer=shown))


@router.post("/{request}/extend", response_model=RequestShown, **needs("requests:write"))
async def extend_request(request: RequestId, body: NewExtension, call: Call) -> Response:
    """Put the answer off, once, with the reason that whoever asked was told within the first period.

    409 `already_extended`, 409 `too_late_to_extend` where they were told later than that.
    """
    shown = partial(RequestShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(answering.extend, request, body, _periods(call), answer=shown))


@router.post("/{request}/refuse", response_model=RequestShown, **needs("requests:write"))
async def refuse_request(request: RequestId, body: NewRefusal, call: Call) -> Response:
    """Refuse it, with the ground and the words in which whoever asked was told why."""
    shown = partial(RequestShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(answering.refuse, request, body, answer=shown))


@router.post("/{request}/complete", response_model=RequestShown, **needs("requests:write"))
async def complete_request(request: RequestId, body: NewOutcome, call: Call) -> Response:
    """Note what was done, and whether a part was refused (409 `not_verified` before it is known who asks)."""
    shown = partial(RequestShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(answering.complete, request, body, answer=shown))


@router.post("/{request}/told", response_model=RequestShown, **needs("requests:write"))
async def note_requester_told(request: RequestId, body: Told, call: Call) -> Response:
    """Note that whoever asked was told of the answer, where it came about by itself (409 `nothing_to_tell`)."""
    shown = partial(RequestShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(answering.note_told, request, body, answer=shown))


@router.post("/{request}/withdraw", response_model=RequestShown, **needs("requests:write"))
async def withdraw_request(request: RequestId, call: Call) -> Response:
    """Note that whoever asked no longer asks."""
    shown = partial(RequestShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(answering.withdraw, request, answer=shown))


def _periods(call: CallOf) -> Periods:
    settings = call.parts.settings
    return Periods(settings.request_months, settings.request_further_months, settings.complaint_acknowledge_days)
