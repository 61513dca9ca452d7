"""The route of the event feed: pages for those who poll, a stream for those who listen, by the same cursor."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from services.gateway.access.admission import Admission
from services.gateway.agreements.events import classes_of
from services.gateway.feed import domain, store
from services.gateway.feed.arrivals import Arrivals
from services.gateway.feed.cloudevents import encode
from services.gateway.feed.domain import CursorExpired, types_of
from services.gateway.feed.filters import Filter, faults_in, filter_of, known_types
from services.gateway.feed.schemas import EventPage
from services.gateway.feed.streams import MEDIA_TYPE, Streams, stream
from shared import clock
from shared.auth import Principal
from shared.calls import Call, CallOf
from shared.coverage import refusal
from shared.errors import Forbidden, Invalid
from shared.needs import needs
from shared.pages import InvalidCursor, Paging, PagingOf
from shared.routing import Router

router = Router(tags=["events"])

_NEEDS = needs("events:read")
_NEEDS["responses"][200] = {"content": {MEDIA_TYPE: {}}}

_LONGEST_WAIT = 20
_LOOK_AGAIN_SECONDS = 1.0
"""Another replica may have appended what is waited for; only our own commits ring the bell."""
_KEPT_FOR_ANSWERING = 0.5


async def filter_given(
    types: Annotated[
        list[str] | None,
        Query(description="types, exact or by prefix, with commas between: `person.created,award.*`; all if left out"),
    ] = None,
) -> Filter:
    """The filter that the query asks for."""
    patterns = [pattern.strip() for listed in types or () for pattern in listed.split(",")]
    faults = faults_in(patterns, "?types")
    if faults:
        raise Invalid(faults=faults)
    return filter_of(tuple(patterns))


async def streams_of(request: Request) -> Streams:
    """The streams of this application, and its bells."""
    streams: Streams = request.app.state.streams
    return streams


@router.get("/v1/events", response_model=EventPage, **_NEEDS)
async def list_events(
    request: Request,
    call: Call,
    paging: Paging,
    wanted: Annotated[Filter, Depends(filter_given)],
    streams: Annotated[Streams, Depends(streams_of)],
    wait: Annotated[
        int, Query(ge=0, le=_LONGEST_WAIT, description="seconds to wait for an event if there is none")
    ] = 0,
    last_event_id: Annotated[
        str | None, Header(alias="Last-Event-ID", max_length=1000, description="of a stream: where to go on")
    ] = None,
) -> Response:
    """The movement's events, oldest first, from a cursor on; without one, from the beginning.

    Keep `next_cursor` and come back with it: it is there on every page, also on an empty one. Where `has_more` is true,
    come back at once. `previous_sequence` shows a gap: the event with that sequence is one that you have had. A caller
    of an organisation names in `types` what its agreements cover.

    With `Accept: text/event-stream` they are pushed as they come, each with the cursor behind it as its `id`: a browser
    goes on by itself with `Last-Event-ID`. A cursor behind which events are gone, or that lies ahead of a feed that was
    restored from a backup, is 410 `cursor_expired`, whose `earliest` is the cursor of all that there is.
    """
    _refuse_uncovered(call.principal, wanted)
    given = paging.after if last_event_id is None else paging.position_of(last_event_id)
    after = _after(given)
    try:
        if MEDIA_TYPE in request.headers.get("accept", ""):
            return await _stream(request, call, paging, wanted, streams, after)
        return await _listed(call, paging, wanted, streams.arrivals, after, wait)
    except CursorExpired as error:
        first = await call.read_by_key(store.first)
        raise CursorExpired(error.detail, earliest=paging.cursor_at((first - 1,))) from None


async def _listed(
    call: CallOf, paging: PagingOf, wanted: Filter, arrivals: Arrivals, after: int, wait: int
) -> Response:
    until = min(clock.timestamp() + wait, call.deadline - _KEPT_FOR_ANSWERING)
    page = await _page(call, after, wanted, paging.limit, arrivals, until)
    body = {"data": page.events, "next_cursor": paging.cursor_at((page.reached,)), "has_more": page.more}
    return Response(encode(body), media_type="application/json")


async def _stream(
    request: Request, call: CallOf, paging: PagingOf, wanted: Filter, streams: Streams, after: int
) -> Response:
    """The stream, once it is certain that it can begin: what is wrong is told by a problem, not by its end."""
    streams.refuse_too_many(call.principal.id)
    await call.read(domain.read, after, wanted, 1, call.principal.organisation)
    admission = Admission(call.parts.db, call.parts.secrets)
    authorization, movement = (request.headers.get(name) for name in ("authorization", "backbone-movement"))

    async def admitted() -> Principal:
        caller = await admission.admit(_bytes(authorization), _bytes(movement))
        if not caller.principal.may("events:read"):
            raise Forbidden
        _refuse_uncovered(caller.principal, wanted)
        return caller.principal

    events = stream(streams, call.parts.db, admitted, after, wanted, paging)
    return StreamingResponse(events, media_type=MEDIA_TYPE, headers={"x-accel-buffering": "no"})


def _bytes(header: str | None) -> bytes | None:
    return None if header is None else header.encode("latin-1")


async def _page(call: CallOf, after: int, wanted: Filter, limit: int, arrivals: Arrivals, until: float) -> domain.Page:
    while True:
        bell = arrivals.bell(call.movement)
        page = await call.read(domain.read, after, wanted, limit, call.principal.organisation)
        left = until - clock.timestamp()
        if page.events or page.more or left <= 0:
            return page
        after = page.reached
        try:
            async with asyncio.timeout(min(left, _LOOK_AGAIN_SECONDS)):
                await bell.wait()
        except TimeoutError:
            continue


def _refuse_uncovered(principal: Principal, wanted: Filter) -> None:
    """Raise NotCovered where no agreement lets the caller's organisation have events that it asks for.

    Leaving them out instead would look as if nothing had happened.
    """
    if principal.withheld:
        types = types_of(wanted)
        asked = classes_of(known_types() if types is None else types)
        for data_class, answer in principal.withheld:
            if data_class in asked:
                raise refusal(data_class, answer)


def _after(position: Sequence[str | int] | None) -> int:
    if position is None:
        return 0
    match position:
        case (int(after),):
            return after
    raise InvalidCursor
