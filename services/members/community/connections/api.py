"""Routes of connectors' cases."""

from datetime import timedelta
from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime

from services.members.community.connections import conversations, domain, introductions, suggestions, waiting, wishes
from services.members.community.connections.closing import Suggestions, Waiting, Wanted, WishesAlike
from services.members.community.connections.models import CaseState, Step
from services.members.community.connections.schemas import (
    Connection,
    ConnectionChanges,
    ConnectionId,
    Conversations,
    Ending,
    Hosted,
    IntroductionId,
    Kept,
    NewConnection,
    NewConversation,
    NewIntroduction,
    Told,
)
from services.members.community.connections.store import Chosen
from services.members.community.connections.waiting import Waits
from services.members.community.connections.wishes import Alike
from services.members.fields import PersonId
from services.members.named import person_now
from services.members.trust.purposes.standard import INTRODUCTIONS
from shared import clock
from shared.calls import Call, CallOf
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["Introductions"])


@router.post("/connections", status_code=201, response_model=Connection, **needs("connections:write"))
async def open_connection(body: NewConnection, call: Call) -> Response:
    """Open a case with somebody. While it goes on they have no rung, and nobody is shown why.

    `conversation`, what matters to them, is sealed and part of no answer but that of `/conversations`.
    """
    return tagged(await call.write(domain.open_case, body, _caller(call), call.parts.secrets, answer=Connection.of))


@router.get("/connections", response_model=Page[Connection], **needs("connections:read", shows=INTRODUCTIONS))
async def list_connections(
    call: Call,
    paging: Paging,
    person: PersonId | None = None,
    connector: PersonId | None = None,
    state: CaseState | None = None,
    updated_since: Annotated[AwareDatetime | None, Query(description="what was updated then or later")] = None,
) -> Page[Connection]:
    """Cases in the order in which they were opened, with their introductions."""
    chosen = Chosen(person, connector, state, updated_since)
    rows = await call.read(domain.list_cases, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Connection.of, lambda case: (case.id,))


@router.get("/connections/waiting", response_model=Page[Waiting], **needs("connections:read", shows=INTRODUCTIONS))
async def list_waiting(call: Call, paging: Paging, on: PersonId | None = None, overdue: bool = False) -> Page[Waiting]:
    """What every case waits for, on whom and since when, the longest first; with `overdue` what waits for too long.

    How long is too long is a setting, for each thing that can be waited for.
    """
    limits: dict[str, timedelta] = {
        what: timedelta(days=days) for what, days in call.parts.settings.connection_wait_days.items()
    }
    at, on = clock.now(), await call.read_by_key(person_now, on)
    rows = await call.read(
        waiting.waiting, on=on, overdue_after=limits if overdue else None, at=at,
        after=paging.after, limit=paging.fetch,
    )  # fmt: skip

    def shown(waits: Waits) -> Waiting:
        return Waiting(**waits._asdict(), overdue=waits.since + limits[waits.waits_for] <= at)

    return paging.page(rows, shown, waiting.position)


@router.get("/connections/unmet-wishes", response_model=Page[WishesAlike], **needs("connections:read"))
async def list_unmet_wishes(
    call: Call, paging: Paging, at_least: Annotated[int, Query(ge=1, le=1000)] = 1
) -> Page[WishesAlike]:
    """What people looked for and the map does not have, by theme and place. Nobody is in it."""
    rows = await call.read(wishes.alike, at_least=at_least, after=paging.after, limit=paging.fetch)

    def shown(alike: Alike) -> WishesAlike:
        return WishesAlike(**alike._asdict())

    return paging.page(rows, shown, lambda alike: (alike.theme, alike.place or ""))


@router.get("/connections/{connection}", response_model=Connection, **needs("connections:read", shows=INTRODUCTIONS))
async def read_connection(connection: ConnectionId, call: Call, response: Response) -> Connection:
    """One case with its introductions. Its `ETag` is what an edit names in `If-Match`."""
    found = Connection.of(await call.read_by_key(domain.read, connection))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch("/connections/{connection}", response_model=Connection, **needs("connections:write"))
async def change_connection(
    connection: ConnectionId, body: ConnectionChanges, call: Call, expected: Expected
) -> Response:
    """Hand the case to another connector, or change what the client allows to be told back."""
    return tagged(await call.write(domain.change, connection, body, expected, answer=Connection.of))


@router.post(
    "/connections/{connection}/conversations", status_code=201, response_model=Kept, **needs("conversations:write")
)
async def keep_conversation(connection: ConnectionId, body: NewConversation, call: Call) -> Response:
    """Keep more of what matters to somebody, sealed."""
    by, secrets = _caller(call), call.parts.secrets
    return await call.write(conversations.keep, connection, body.words, by, secrets, answer=Kept.of)


@router.get("/connections/{connection}/conversations", response_model=Conversations, **needs("conversations:read"))
async def read_conversations(connection: ConnectionId, call: Call) -> Conversations:
    """What was said in a case, in words. The scope is held by no wildcard for reading everything."""
    return await call.read(conversations.read, connection, call.parts.secrets)


@router.post("/connections/{connection}/suggestions", response_model=Suggestions, **needs("connections:write"))
async def suggest_assets(connection: ConnectionId, body: Wanted, call: Call) -> Response:
    """Where the client may fit, the best first, each with the reasons in words.

    What they share comes first, then when they can come, then how near it is, then where there is most room. What has
    no place left, and what this case tried already, is left out. Where nothing fits, each interest is noted as an
    unmet wish of that place, once a case; enough of these alike suggest a round of grants (a setting).
    """
    enough = call.parts.settings.wishes_for_a_round
    return await call.write(suggestions.suggest, connection, body.wish(), body.most, enough, answer=Suggestions.of)


@router.post(
    "/connections/{connection}/introductions", status_code=201, response_model=Connection, **needs("connections:write")
)
async def permit_introduction(connection: ConnectionId, body: NewIntroduction, call: Call) -> Response:
    """Record the client's permission for one introduction: it is for this one alone.

    409 `not_available` where it cannot be made; the reason is not given. 409 `already_under_way` where one to the same
    asset goes on.
    """
    return tagged(await call.write(introductions.permit, connection, body, answer=Connection.of))


_INTRODUCTION = "/connections/{connection}/introductions/{introduction}"


@router.post(f"{_INTRODUCTION}/introduce", response_model=Connection, **needs("connections:write"))
async def make_introduction(
    connection: ConnectionId, introduction: IntroductionId, body: Hosted, call: Call
) -> Response:
    """Say that it was made: a place is taken where the group counts places. A volunteer needs a named host.

    409 `not_available` where it cannot be made any more, such as when the last place went to somebody else.
    """
    return tagged(await call.write(introductions.introduce, connection, introduction, body, answer=Connection.of))


@router.post(f"{_INTRODUCTION}/attend", response_model=Connection, **needs("connections:write"))
async def attend_introduction(connection: ConnectionId, introduction: IntroductionId, call: Call) -> Response:
    """Say that they went."""
    return tagged(await call.write(introductions.attend, connection, introduction, answer=Connection.of))


@router.post(f"{_INTRODUCTION}/settle", response_model=Connection, **needs("connections:write"))
async def settle_introduction(connection: ConnectionId, introduction: IntroductionId, call: Call) -> Response:
    """Say that they go on by themselves. Once nothing else goes on, the case is settled."""
    return tagged(await call.write(introductions.settle, connection, introduction, answer=Connection.of))


@router.post(f"{_INTRODUCTION}/not-for-me", response_model=Connection, **needs("connections:write"))
async def end_introduction_as_not_for_me(
    connection: ConnectionId, introduction: IntroductionId, call: Call
) -> Response:
    """Say that it is not for them. Their place is free again, and the case goes on."""
    return tagged(
        await call.write(introductions.leave, connection, introduction, Step.NOT_FOR_ME, answer=Connection.of)
    )


@router.post(f"{_INTRODUCTION}/withdraw", response_model=Connection, **needs("connections:write"))
async def withdraw_introduction(connection: ConnectionId, introduction: IntroductionId, call: Call) -> Response:
    """Say that they withdraw their permission. It ends at once, and their place is free again."""
    return tagged(await call.write(introductions.leave, connection, introduction, Step.WITHDRAWN, answer=Connection.of))


@router.post("/connections/{connection}/end", response_model=Connection, **needs("connections:write"))
async def end_connection(connection: ConnectionId, body: Ending, call: Call) -> Response:
    """End a case that settles nowhere; introductions that go on are withdrawn with it."""
    return tagged(await call.write(domain.end, connection, body.outcome, answer=Connection.of))


@router.post("/connections/{connection}/tell-back", response_model=Told, **needs("connections:write"))
async def tell_referrer(connection: ConnectionId, call: Call) -> Response:
    """Note that whoever referred the client is told how it went, and answer as much of it as the client allows."""
    return await call.write(domain.tell_back, connection, answer=_as_it_is)


def _as_it_is(told: Told) -> Told:
    return told


def _caller(call: CallOf) -> str:
    return call.principal.user or call.principal.id
