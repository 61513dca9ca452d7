"""Routes of moving on: the list is worked through here; that somebody leaves is said at the gateway's own route."""

from functools import partial
from typing import Annotated

from fastapi import Query, Response

from services.members.community.handovers import domain
from services.members.community.handovers.models import HandoverState
from services.members.community.handovers.schemas import (
    Asking,
    Handover,
    HandoverChanges,
    HandoverId,
    HandoverList,
    Introduction,
    ItemId,
    KindEnding,
    Leaving,
)
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/stewardships/handovers", tags=["Moving on"])
internal = Router(prefix="/internal/handovers", tags=["Moving on"])


@internal.put("/{handover}", response_model=HandoverList, **needs("stewardships:write"))
async def receive_handover(handover: HandoverId, body: Leaving, call: Call) -> Response:
    """Take over what somebody held whose access has ended. The gateway forwards nothing to here: it calls itself."""
    return await call.write(
        domain.receive,
        handover,
        body,
        call.parts.settings.handover_days,
        answer=lambda taken: HandoverList.of(taken[0]),
        status=lambda taken: 201 if taken[1] else 200,
    )


@router.get("", response_model=Page[Handover], **needs("stewardships:read", shows=ADMINISTRATION))
async def list_handover_lists(
    call: Call,
    paging: Paging,
    state: HandoverState | None = None,
    overdue: Annotated[bool, Query(description="only those that are open and were due before today")] = False,
) -> Page[Handover]:
    """Who left, and whether everything that they held is settled."""
    rows, today = await call.read(
        domain.list_handovers, state=state, overdue=overdue, after=paging.after, limit=paging.fetch
    )
    return paging.page(rows, partial(Handover.on, today), lambda row: (row.id,))


@router.get("/{handover}", response_model=HandoverList, **needs("stewardships:read", shows=ADMINISTRATION))
async def read_handover_list(handover: HandoverId, call: Call, response: Response) -> HandoverList:
    """The dated list of what somebody held who left: who looks after each relationship, and how far it has come."""
    found = HandoverList.of(await call.read(domain.listed, handover))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch("/{handover}", response_model=HandoverList, **needs("stewardships:write"))
async def change_handover_list(handover: HandoverId, body: HandoverChanges, call: Call, expected: Expected) -> Response:
    """Name another caretaker, move the day by which all is to be settled, or say who left where that is not known."""
    return tagged(await call.write(domain.change, handover, body, expected, answer=HandoverList.of))


@router.post("/{handover}/items/{item}/ask", response_model=HandoverList, **needs("stewardships:write"))
async def ask_successor(handover: HandoverId, item: ItemId, body: Asking, call: Call) -> Response:
    """Ask somebody to take this relationship on.

    They accept or decline at `/v1/stewardships/{id}`, the one in `successor`. Until they accept, the caretaker has it;
    where they decline, somebody else is asked.
    """
    return tagged(await call.write(domain.ask, handover, item, body, answer=HandoverList.of))


@router.post("/{handover}/items/{item}/introduce", response_model=HandoverList, **needs("stewardships:write"))
async def record_introduction(handover: HandoverId, item: ItemId, body: Introduction, call: Call) -> Response:
    """The successor, who has accepted, was warmly introduced. With that this relationship is settled."""
    return tagged(await call.write(domain.introduce, handover, item, body, answer=HandoverList.of))


@router.post("/{handover}/items/{item}/end", response_model=HandoverList, **needs("stewardships:write"))
async def end_relationship(handover: HandoverId, item: ItemId, body: KindEnding, call: Call) -> Response:
    """End this relationship kindly, with a reason. With that it is settled."""
    return tagged(await call.write(domain.end, handover, item, body, answer=HandoverList.of))
