"""Routes of relationship holders and caretakers."""

from typing import Annotated

from fastapi import Query, Response
from pydantic import AwareDatetime

from services.members.community.stewardships import domain, store
from services.members.community.stewardships.models import State
from services.members.community.stewardships.schemas import (
    About,
    Acceptance,
    Answer,
    Caretaker,
    Ending,
    NewCaretaker,
    NewStewardship,
    Offered,
    Stewardship,
    StewardshipChanges,
    StewardshipId,
)
from services.members.fields import PersonId
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/stewardships", tags=["Relationship holders"])

UpdatedSince = Annotated[AwareDatetime | None, Query(description="only what was changed at this moment or later")]


@router.post("", status_code=201, response_model=Offered, **needs("stewardships:write"))
async def offer_stewardship(body: NewStewardship, call: Call) -> Response:
    """Ask somebody to keep the relationship with a person, an organisation, a circle or an asset.

    It is theirs once they accept. `stretched` says that they have no room, where they let the caller know it. 409
    `has_holder` where somebody keeps it: ask for a second, or name theirs in `in_place_of`, so that it is passed on at
    the moment of acceptance.
    """
    return tagged(await call.write(domain.offer, body, call.principal.person, answer=Offered.to))


@router.get("", response_model=Page[Stewardship], **needs("stewardships:read", shows=ADMINISTRATION))
async def list_stewardships(
    call: Call,
    paging: Paging,
    about: Annotated[About | None, Query(description="everybody who keeps or kept this relationship")] = None,
    holder: Annotated[PersonId | None, Query(description="all that this person keeps, kept or was asked to")] = None,
    state: State | None = None,
    updated_since: UpdatedSince = None,
) -> Page[Stewardship]:
    """Who keeps which relationship, kept it once, or was asked to, in the order of asking."""
    rows = await call.read(
        domain.list_stewardships,
        about=about,
        holder=holder,
        state=state,
        updated_since=updated_since,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(rows, Stewardship.of, lambda row: (row.id,))


@router.post("/caretakers", status_code=201, response_model=Caretaker, **needs("stewardships:write"))
async def name_caretaker(body: NewCaretaker, call: Call) -> Response:
    """Name beforehand who looks after what somebody leaves behind: in the whole movement, or with one circle.

    Whoever was it before no longer is.
    """
    return await call.write(domain.name_caretaker, body, answer=Caretaker.of)


@router.get("/caretakers", response_model=Page[Caretaker], **needs("stewardships:read", shows=ADMINISTRATION))
async def list_caretakers(
    call: Call, paging: Paging, past: Annotated[bool, Query(description="those of before as well")] = False
) -> Page[Caretaker]:
    """The caretakers of the movement and of its circles, in the order of their naming."""
    rows = await call.read(store.caretakers, past=past, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Caretaker.of, lambda row: (row.id,))


@router.get("/{stewardship}", response_model=Stewardship, **needs("stewardships:read", shows=ADMINISTRATION))
async def read_stewardship(stewardship: StewardshipId, call: Call, response: Response) -> Stewardship:
    """One stewardship."""
    found = Stewardship.of(await call.read_by_key(domain.read, stewardship))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch("/{stewardship}", response_model=Stewardship, **needs("stewardships:write"))
async def change_stewardship(
    stewardship: StewardshipId, body: StewardshipChanges, call: Call, expected: Expected
) -> Response:
    """Change why somebody keeps a relationship, or let a holder step back to be a second."""
    return tagged(await call.write(domain.change, stewardship, body, expected, answer=Stewardship.of))


@router.post("/{stewardship}/accept", response_model=Stewardship, **needs("stewardships:write"))
async def accept_stewardship(stewardship: StewardshipId, body: Acceptance, call: Call) -> Response:
    """Whoever was asked takes it on.

    They do so signed in themselves; anybody else writes down on which day they said it (`told_us_on`), or gets 403
    `not_yours_to_answer`.
    """
    return tagged(await call.write(domain.accept, stewardship, body, call.principal.person, answer=Stewardship.of))


@router.post("/{stewardship}/decline", response_model=Stewardship, **needs("stewardships:write"))
async def decline_stewardship(stewardship: StewardshipId, body: Answer, call: Call) -> Response:
    """Whoever was asked says no. Nobody has to say why."""
    return tagged(await call.write(domain.decline, stewardship, body, call.principal.person, answer=Stewardship.of))


@router.post("/{stewardship}/withdraw", response_model=Stewardship, **needs("stewardships:write"))
async def withdraw_stewardship(stewardship: StewardshipId, call: Call) -> Response:
    """It is not asked any more."""
    return tagged(await call.write(domain.withdraw, stewardship, answer=Stewardship.of))


@router.post("/{stewardship}/end", response_model=Stewardship, **needs("stewardships:write"))
async def end_stewardship(stewardship: StewardshipId, body: Ending, call: Call) -> Response:
    """End it kindly, with a reason. 409 `in_handover` for what stands on a leaver's list: it is settled there."""
    return tagged(await call.write(domain.end, stewardship, body, answer=Stewardship.of))
