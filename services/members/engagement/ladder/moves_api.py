"""Routes of how people move on the ladder: by a draft of the rules, in a period, month by month, on a day."""

from datetime import date
from typing import Annotated

from fastapi import Query

from services.members.engagement.ladder import moves
from services.members.engagement.ladder import preview as previews
from services.members.engagement.ladder.moves import Known
from services.members.engagement.ladder.moves_schemas import LadderThen, Matrix, Momentum, Month, Mover, Preview
from services.members.fields import PolicyId
from shared.calls import Call
from shared.needs import needs
from shared.pages import Paging
from shared.routing import Router

By = Annotated[
    Known,
    Query(
        description="`then`: by what was known when they moved; `now`: by all that is known now, with what came late on"
        " its own day. That is reckoned anew for everybody, which takes some seconds for ten thousand people"
    ),
]

router = Router(prefix="/v1/ladder", tags=["Ladder"])


@router.post("/policies/{policy}/preview", response_model=Preview, **needs("ladder:read"))
async def preview_policy(policy: PolicyId, call: Call, paging: Paging) -> Preview:
    """Who would move, and why, if this version of the rules were in force from now on: on all that everybody did.

    The counts are of everybody; the people come in pages. Nothing is changed, and nobody is told.
    """
    found = await call.read(previews.preview, policy, after=paging.after_id, limit=paging.fetch)
    page = paging.page(found.some, Mover.of, lambda move: (move.person,))
    return Preview.of(found, page.data, page.next_cursor)


@router.get("/transitions", response_model=Matrix, **needs("ladder:read"))
async def read_transitions(
    call: Call, first: date | None = None, last: date | None = None, known: By = Known.THEN
) -> Matrix:
    """From which rung to which people went between two days, by default in the year up to today.

    Everybody is accounted for: who stood on the ladder, who joined or came back, who left.
    """
    period, matrix = await call.read(moves.matrix, first, last, known)
    return Matrix.of(period.first, period.last, matrix)


@router.get("/momentum", response_model=Momentum, **needs("ladder:read"))
async def read_momentum(
    call: Call, first: date | None = None, last: date | None = None, known: By = Known.THEN
) -> Momentum:
    """What happened in each month between two days, by default in the year up to today. Ebbing is as ordinary as
    flowing: nobody fails by it."""
    return Momentum(months=[Month.of(month) for month in await call.read(moves.momentum, first, last, known)])


@router.get("/then", response_model=LadderThen, **needs("ladder:read"))
async def read_ladder_of_a_day(call: Call, day: date | None = None, known: By = Known.THEN) -> LadderThen:
    """The funnel at the end of a day, as it was known then or as it is known now."""
    return LadderThen.of(*await call.read(moves.then, day, known))
