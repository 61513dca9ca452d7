"""Routes of circles."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime

from services.members import days
from services.members.community.circles import domain, store
from services.members.community.circles.models import State, TermState
from services.members.community.circles.schemas import (
    Circle,
    CircleChanges,
    CircleDecision,
    CircleId,
    CircleTerm,
    NewCircle,
    NewDecision,
    NewTerm,
    TermChanges,
    TermEnding,
    TermId,
)
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call, CallOf
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["Circles"])

UpdatedSince = Annotated[AwareDatetime | None, Query(description="only what was changed at this moment or later")]


@router.post("/circles", status_code=201, response_model=Circle, **needs("circles:write"))
async def draft_circle(circle: NewCircle, call: Call) -> Response:
    """Draft a circle: a stewardship circle, a community of practice or a steering group, and what it is for."""
    return tagged(await call.write(domain.draft, circle, answer=Circle.of))


@router.get("/circles", response_model=Page[Circle], **needs("circles:read"))
async def list_circles(
    call: Call, paging: Paging, state: State | None = None, updated_since: UpdatedSince = None
) -> Page[Circle]:
    """Circles in the order in which they were drafted."""
    rows = await call.read(
        store.list_circles, state=state, updated_since=updated_since, after=paging.after, limit=paging.fetch
    )
    return paging.page(rows, Circle.of, lambda row: (row.id,))


@router.get("/circles/{circle}", response_model=Circle, **needs("circles:read"))
async def read_circle(circle: CircleId, call: Call, response: Response) -> Circle:
    """One circle."""
    found = Circle.of(await call.read_by_key(domain.read, circle))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch("/circles/{circle}", response_model=Circle, **needs("circles:write"))
async def change_circle(circle: CircleId, body: CircleChanges, call: Call, expected: Expected) -> Response:
    """Change a circle's name, kind or purpose."""
    return tagged(await call.write(domain.change, circle, body, expected, answer=Circle.of))


@router.post("/circles/{circle}/activate", response_model=Circle, **needs("circles:write"))
async def activate_circle(circle: CircleId, call: Call, expected: Expected) -> Response:
    """Draft → active: from now on it decides."""
    return tagged(await call.write(domain.activate, circle, expected, answer=Circle.of))


@router.post("/circles/{circle}/close", response_model=Circle, **needs("circles:write"))
async def close_circle(circle: CircleId, call: Call, expected: Expected) -> Response:
    """Draft or active → closed. The terms of its members end today; the log of decisions stays."""
    return tagged(await call.write(domain.close, circle, expected, answer=Circle.of))


@router.post("/circles/{circle}/members", status_code=201, response_model=CircleTerm, **needs("circles:write"))
async def add_circle_member(circle: CircleId, body: NewTerm, call: Call) -> Response:
    """Somebody takes on a role in the circle, from a day until a day. 409 `circle_not_active` where it is closed."""
    return tagged(await call.write(domain.add_term, circle, body, answer=await _shown(call)))


@router.get("/circles/{circle}/members", response_model=Page[CircleTerm], **needs("circles:read", shows=ADMINISTRATION))
async def list_circle_members(
    circle: CircleId, call: Call, paging: Paging, state: TermState | None = None
) -> Page[CircleTerm]:
    """Who is and was in the circle, in which role and for how long. `state=due`: terms to renew or to end."""
    rows = await call.read(domain.terms, circle, state=state, after=paging.after, limit=paging.fetch)
    return paging.page(rows, await _shown(call), lambda row: (row.id,))


@router.patch("/circles/{circle}/members/{term}", response_model=CircleTerm, **needs("circles:write"))
async def renew_circle_term(
    circle: CircleId, term: TermId, body: TermChanges, call: Call, expected: Expected
) -> Response:
    """Give a term another last day. 409 `term_ended` for one that was ended: a new one is a new term."""
    return tagged(await call.write(domain.renew_term, circle, term, body.until, expected, answer=await _shown(call)))


@router.post("/circles/{circle}/members/{term}/end", response_model=CircleTerm, **needs("circles:write"))
async def end_circle_term(circle: CircleId, term: TermId, body: TermEnding, call: Call, expected: Expected) -> Response:
    """End a term, from today or an earlier day on."""
    return tagged(await call.write(domain.end_term, circle, term, body.on, expected, answer=await _shown(call)))


@router.post("/circles/{circle}/decisions", status_code=201, response_model=CircleDecision, **needs("circles:write"))
async def record_circle_decision(circle: CircleId, body: NewDecision, call: Call) -> Response:
    """Enter a decision: what, why, who was there by role, and the objections.

    Nothing in the log is changed. What was wrong is put right by a further entry that names it in `corrects`; 409
    `already_corrected` where one does already. 409 `circle_not_active` in a draft; a closed circle takes corrections.
    """
    return await call.write(domain.record_decision, circle, body, answer=CircleDecision.of)


@router.get("/circles/{circle}/decisions", response_model=Page[CircleDecision], **needs("circles:read"))
async def list_circle_decisions(circle: CircleId, call: Call, paging: Paging) -> Page[CircleDecision]:
    """The log, from the first entry. Where an entry has `corrected_by`, that one holds in its place."""
    rows = await call.read(domain.decisions, circle, after=paging.after, limit=paging.fetch)
    return paging.page(rows, CircleDecision.of, lambda row: (row[0].id,))


async def _shown(call: CallOf) -> partial[CircleTerm]:
    """How terms are shown today."""
    today: date = await call.read_by_key(days.today)
    return partial(CircleTerm.on, today)
