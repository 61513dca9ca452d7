"""Routes of next asks."""

from datetime import date, datetime

from fastapi import Response

from services.members.engagement.next_asks import domain
from services.members.engagement.next_asks.models import AskState
from services.members.engagement.next_asks.schemas import AskChanges, NewAnswer, NewAsk, NextAsk
from services.members.engagement.next_asks.store import Chosen
from services.members.fields import NextAskId, PersonId
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/ladder", tags=["Ladder"])


@router.post("/asks", status_code=201, response_model=NextAsk, **needs("ladder:write"))
async def make_next_ask(said: NewAsk, call: Call) -> Response:
    """Note what somebody is to be invited to, who asks them, and by when.

    409 `no_ladder` for children and for everybody else who has no place on the ladder: nothing is asked of them here.
    """
    return tagged(await call.write(domain.ask, said, answer=NextAsk.of))


@router.get("/asks", response_model=Page[NextAsk], **needs("ladder:read", shows=ADMINISTRATION))
async def list_next_asks(
    call: Call,
    paging: Paging,
    state: AskState | None = None,
    person: PersonId | None = None,
    asker: PersonId | None = None,
    due_by: date | None = None,
    updated_since: datetime | None = None,
) -> Page[NextAsk]:
    """Asks in the order in which they were made. Those due today: `state=open&due_by=` and the day."""
    chosen = Chosen(state, person, asker, due_by, updated_since)
    rows = await call.read(domain.list_asks, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, NextAsk.of, lambda row: (row.id,))


@router.get("/asks/{ask}", response_model=NextAsk, **needs("ladder:read", shows=ADMINISTRATION))
async def read_next_ask(ask: NextAskId, call: Call, response: Response) -> NextAsk:
    """One ask, with its `ETag`."""
    row = await call.read(domain.read, ask)
    response.headers["etag"] = tag_of(row.version)
    return NextAsk.of(row)


@router.patch("/asks/{ask}", response_model=NextAsk, **needs("ladder:write"))
async def change_next_ask(ask: NextAskId, changes: AskChanges, call: Call, expected: Expected) -> Response:
    """Change an open ask. Send its `ETag` as `If-Match`."""
    return tagged(await call.write(domain.change, ask, changes, expected, answer=NextAsk.of))


@router.post("/asks/{ask}/answer", response_model=NextAsk, **needs("ladder:write"))
async def answer_next_ask(ask: NextAskId, said: NewAnswer, call: Call) -> Response:
    """Write down what the person said: yes, no, later, or nothing. 409 `illegal_transition` once it is answered."""
    return tagged(await call.write(domain.answer, ask, said, answer=NextAsk.of))


@router.post("/asks/{ask}/withdraw", response_model=NextAsk, **needs("ladder:write"))
async def withdraw_next_ask(ask: NextAskId, call: Call) -> Response:
    """Take an open ask back: nobody is asked."""
    return tagged(await call.write(domain.withdraw, ask, answer=NextAsk.of))
