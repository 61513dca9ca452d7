"""Routes of control moved."""

from datetime import date

from fastapi import Response

from services.members.fields import OrganisationId
from services.members.life.control import domain
from services.members.life.control.models import ControlOf
from services.members.life.control.schemas import (
    ControlSummary,
    MoveChanges,
    MoveId,
    MoveShown,
    NewMove,
    TakingBack,
)
from services.members.life.control.store import Chosen
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/control", tags=["Common agenda"])


@router.post("", status_code=201, response_model=MoveShown, **needs("agenda:write"))
async def move_control(body: NewMove, call: Call) -> Response:
    """Note that a budget, a building, a seat, a strategy or a service passed from one body's hands into another's."""
    return tagged(await call.write(domain.move, body, answer=MoveShown.of))


@router.get("", response_model=Page[MoveShown], **needs("agenda:read"))
async def list_control(
    call: Call,
    paging: Paging,
    kind: ControlOf | None = None,
    from_organisation: OrganisationId | None = None,
    to_organisation: OrganisationId | None = None,
    on: date | None = None,
    updated_since: UpdatedSince = None,
) -> Page[MoveShown]:
    """What moved, in the order in which it was noted; with `on` a day, what had moved by then and was not back."""
    chosen = Chosen(kind, from_organisation, to_organisation, on, updated_since)
    rows = await call.read(domain.list_moves, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, MoveShown.of, lambda move: (move.id,))


@router.get("/summary", response_model=ControlSummary, **needs("agenda:read"))
async def sum_up_control(call: Call, on: date | None = None) -> ControlSummary:
    """How much control of every kind had moved by a day, and how much was taken back."""
    return await call.read(domain.sum_up, on)


@router.get("/{move}", response_model=MoveShown, **needs("agenda:read"))
async def read_control(move: MoveId, call: Call, response: Response) -> MoveShown:
    """One move."""
    shown = MoveShown.of(await call.read(domain.read, move))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{move}", response_model=MoveShown, **needs("agenda:write"))
async def correct_control(move: MoveId, body: MoveChanges, call: Call, expected: Expected) -> Response:
    """Correct how it is called, or where it can be read."""
    return tagged(await call.write(domain.correct, move, body, expected, answer=MoveShown.of))


@router.post("/{move}/take-back", response_model=MoveShown, **needs("agenda:write"))
async def take_control_back(move: MoveId, body: TakingBack, call: Call) -> Response:
    """Note that it is no longer so, and why: that is part of the story."""
    return tagged(await call.write(domain.take_back, move, body, answer=MoveShown.of))
