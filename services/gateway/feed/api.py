"""Routes of the event feed."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Query, Request, Response

from services.gateway.agreements.events import classes_of
from services.gateway.feed import domain
from services.gateway.feed.arrivals import Arrivals
from services.gateway.feed.cloudevents import encode
from services.gateway.feed.domain import types_of
from services.gateway.feed.filters import Filter, faults_in, filter_of, known_types
from services.gateway.feed.schemas import EventPage
from shared import clock
from shared.auth import Principal
from shared.calls import Call, CallOf
from shared.coverage import refusal
from shared.errors import Invalid
from shared.needs import needs
from shared.pages import InvalidCursor, Paging
from shared.routing import Router

router = Router(tags=["events"])

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


async def arrivals_of(request: Request) -> Arrivals:
    """The bells of this application."""
    arrivals: Arrivals = request.app.state.arrivals
    return arrivals


@router.get("/v1/events", response_model=EventPage, **needs("events:read"))
async def list_events(
    call: Call,
    paging: Paging,
    wanted: Annotated[Filter, Depends(filter_given)],
    arrivals: Annotated[Arrivals, Depends(arrivals_of)],
    wait: Annotated[
        int, Query(ge=0, le=_LONGEST_WAIT, description="seconds to wait for an event if there is none")
    ] = 0,
) -> Response:
    """The movement's events, oldest first, from a cursor on; without one, from the beginning.

    Keep `next_cursor` and come back with it: it is there on every page, also on an empty one. Where `has_more` is true,
    come back at once. `previous_sequence` shows a gap: the event with that sequence is one that you have had. A caller
    of an organisation names in `types` what its agreements cover.
    """
    _refuse_uncovered(call.principal, wanted)
    after = _after(paging.after)
    until = min(clock.timestamp() + wait, call.deadline - _KEPT_FOR_ANSWERING)
    page = await _page(call, after, wanted, paging.limit, arrivals, until)
    body = {"data": page.events, "next_cursor": paging.cursor_at((page.reached,)), "has_more": page.more}
    return Response(encode(body), media_type="application/json")


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
