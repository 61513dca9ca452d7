"""Routes of ties."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime

from services.members.community.ties import domain
from services.members.community.ties.models import State
from services.members.community.ties.schemas import (
    Confirmation,
    NewTie,
    Side,
    Telling,
    Tie,
    TieChanges,
    TieEnding,
    TieId,
)
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/ties", tags=["Ties"])

UpdatedSince = Annotated[AwareDatetime | None, Query(description="only what was changed at this moment or later")]


@router.post("", status_code=201, response_model=Tie, **needs("ties:write"))
async def declare_tie(body: NewTie, call: Call) -> Response:
    """Say that a person or an organisation works with another.

    `first` is who says so: the caller, or somebody who told the caller on a day (`told_us_on`). Until the other side
    confirms it, only the two see it. Ties of people who are not shown openly can only have the visibility `sides`.
    """
    return tagged(await call.write(domain.declare, body, call.principal, answer=Tie.of))


@router.get("", response_model=Page[Tie], **needs("ties:read", shows=ADMINISTRATION))
async def list_ties(
    call: Call,
    paging: Paging,
    of: Annotated[Side | None, Query(description="only those of this person or organisation")] = None,
    state: State | None = None,
    updated_since: UpdatedSince = None,
) -> Page[Tie]:
    """The ties that the caller may see: their own, and those confirmed that are shown to them."""
    rows = await call.read(
        domain.list_ties,
        call.principal,
        of=of,
        state=state,
        updated_since=updated_since,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(rows, Tie.of, lambda row: (row.id,))


@router.get("/{tie}", response_model=Tie, **needs("ties:read", shows=ADMINISTRATION))
async def read_tie(tie: TieId, call: Call, response: Response) -> Tie:
    """One tie. 404 for one that the caller may not see."""
    found = Tie.of(await call.read(domain.read, tie, call.principal))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch("/{tie}", response_model=Tie, **needs("ties:write"))
async def change_tie(tie: TieId, body: TieChanges, call: Call, expected: Expected) -> Response:
    """Change what sort of tie it is, or who sees it. To be seen by more, it has to be confirmed anew."""
    return tagged(await call.write(domain.change, tie, body, call.principal, expected, answer=Tie.of))


@router.post("/{tie}/confirm", response_model=Tie, **needs("ties:write"))
async def confirm_tie(tie: TieId, body: Confirmation, call: Call) -> Response:
    """The other side sees it so too, and may let fewer see it. Anybody else says when they were told, or gets 403."""
    return tagged(await call.write(domain.confirm, tie, body, call.principal, answer=Tie.of))


@router.post("/{tie}/deny", response_model=Tie, **needs("ties:write"))
async def deny_tie(tie: TieId, body: Telling, call: Call) -> Response:
    """The other side does not see it so. It is in no network."""
    return tagged(await call.write(domain.deny, tie, body, call.principal, answer=Tie.of))


@router.post("/{tie}/end", response_model=Tie, **needs("ties:write"))
async def end_tie(tie: TieId, body: TieEnding, call: Call) -> Response:
    """It holds no longer. The networks of earlier days still have it."""
    return tagged(await call.write(domain.end, tie, body, call.principal, answer=Tie.of))
