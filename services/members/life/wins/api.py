"""Routes of wins."""

from typing import Annotated

from fastapi import Query, Response

from services.members.community.programmes.schemas import ProgrammeId
from services.members.fields import OrganisationId, PersonId
from services.members.life.wins import domain
from services.members.life.wins.domain import Shown
from services.members.life.wins.schemas import NewWin, Sharing, WinChanges, WinId, WinShown
from services.members.life.wins.store import Chosen
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/wins", tags=["Wins and recognition"])


@router.post("", status_code=201, response_model=WinShown, **needs("wins:write"))
async def note_win(body: NewWin, call: Call) -> Response:
    """Note what went well, in one sentence, and who made it happen."""
    return tagged(await call.write(domain.note, body, answer=_shown))


@router.get("", response_model=Page[WinShown], **needs("wins:read", shows=ADMINISTRATION))
async def list_wins(
    call: Call,
    paging: Paging,
    person: PersonId | None = None,
    organisation: OrganisationId | None = None,
    programme: ProgrammeId | None = None,
    shared: Annotated[bool | None, Query(description="those that may be shown to everybody now, or not")] = None,
    updated_since: UpdatedSince = None,
) -> Page[WinShown]:
    """Wins in the order in which they were noted; with `shared` what a newsletter or a website may tell of today."""
    chosen = Chosen(person, organisation, programme, shared, updated_since)
    rows = await call.read(domain.list_wins, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, _shown, lambda shown: (shown.win.id,))


@router.get("/{win}", response_model=WinShown, **needs("wins:read", shows=ADMINISTRATION))
async def read_win(win: WinId, call: Call, response: Response) -> WinShown:
    """One win."""
    shown = _shown(await call.read(domain.read, win))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{win}", response_model=WinShown, **needs("wins:write"))
async def change_win(win: WinId, body: WinChanges, call: Call, expected: Expected) -> Response:
    """Change a win. One that was shared is so no longer where what it says, or of whom, is another."""
    return tagged(await call.write(domain.change, win, body, expected, answer=_shown))


@router.post("/{win}/share", response_model=WinShown, **needs("wins:write"))
async def share_win(win: WinId, body: Sharing, call: Call, expected: Expected) -> Response:
    """Let it be shown to everybody, as long as each person in it allows that (purpose `wins`, channel `publication`).

    409 `not_permitted` where somebody does not; who is not said.
    """
    return tagged(await call.write(domain.share, win, body, expected, answer=_shown))


@router.post("/{win}/unshare", response_model=WinShown, **needs("wins:write"))
async def unshare_win(win: WinId, call: Call, expected: Expected) -> Response:
    """Let it be shown no longer."""
    return tagged(await call.write(domain.unshare, win, expected, answer=_shown))


def _shown(shown: Shown) -> WinShown:
    return WinShown.of(*shown)
