"""Routes of taper plans."""

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import Query, Response

from services.members import days
from services.members.community.programmes.schemas import ProgrammeId
from services.members.community.tapers import domain, store
from services.members.community.tapers.models import TaperState
from services.members.community.tapers.schemas import (
    Completion,
    Dropping,
    NewTaper,
    TaperChanges,
    TaperId,
    TaperShown,
)
from services.members.fields import OrganisationId
from services.members.named import organisation_now
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/programmes", tags=["Programmes"])

DueBy = Annotated[date | None, Query(description="what is still planned and ends on that day or before")]


@router.get("/tapers", response_model=Page[TaperShown], **needs("programmes:read"))
async def list_tapers(
    call: Call,
    paging: Paging,
    programme: ProgrammeId | None = None,
    successor: OrganisationId | None = None,
    state: TaperState | None = None,
    due_by: DueBy = None,
) -> Page[TaperShown]:
    """What the backbone will stop doing, of all programmes or of one, in the order in which it ends."""
    rows = await call.read(
        store.list_tapers,
        programme=programme,
        successor=await call.read_by_key(organisation_now, successor),
        state=state,
        due_by=due_by,
        after=paging.after,
        limit=paging.fetch,
    )
    today: date = await call.read_by_key(days.today)
    shown = partial(TaperShown.on, today)
    return paging.page(rows, shown, lambda taper: (taper.ends_on.isoformat(), taper.id))


@router.get("/tapers/{taper}", response_model=TaperShown, **needs("programmes:read"))
async def read_taper(taper: TaperId, call: Call, response: Response) -> TaperShown:
    """One part of a taper plan."""
    today: date = await call.read_by_key(days.today)
    shown = TaperShown.on(today, await call.read_by_key(domain.read, taper))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.post("/{programme}/tapers", status_code=201, response_model=TaperShown, **needs("programmes:write"))
async def plan_taper(programme: ProgrammeId, body: NewTaper, call: Call) -> Response:
    """Plan that the backbone stops doing something in a programme, from when, and who takes over."""
    shown = partial(TaperShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(domain.plan, programme, body, answer=shown))


@router.patch("/tapers/{taper}", response_model=TaperShown, **needs("programmes:write"))
async def change_taper(taper: TaperId, body: TaperChanges, call: Call, expected: Expected) -> Response:
    """Change what is still planned (409 `not_planned`)."""
    shown = partial(TaperShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(domain.change, taper, body, expected, answer=shown))


@router.post("/tapers/{taper}/complete", response_model=TaperShown, **needs("programmes:write"))
async def complete_taper(taper: TaperId, body: Completion, call: Call) -> Response:
    """Note that it has ended as planned. The role that goes with it ends on that day, and the note says why.

    409 `nobody_takes_over` until there is a successor or an arrangement.
    """
    shown = partial(TaperShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(domain.complete, taper, body, answer=shown))


@router.post("/tapers/{taper}/drop", response_model=TaperShown, **needs("programmes:write"))
async def drop_taper(taper: TaperId, body: Dropping, call: Call) -> Response:
    """Note that it does not end after all, and why."""
    shown = partial(TaperShown.on, await call.read_by_key(days.today))
    return tagged(await call.write(domain.drop, taper, body, answer=shown))
