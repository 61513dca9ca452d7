"""Routes of memberships."""

from datetime import datetime

from fastapi import Response

from services.members.engagement.memberships import domain
from services.members.engagement.memberships.models import State
from services.members.engagement.memberships.schemas import Membership, MembershipChanges, NewMembership, Turn
from services.members.engagement.memberships.store import Chosen
from services.members.fields import MembershipId, OrganisationId, PersonId
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1", tags=["Memberships"])


@router.post("/memberships", status_code=201, response_model=Membership, **needs("memberships:write"))
async def enter_membership(said: NewMembership, call: Call) -> Response:
    """Let somebody who is known belong, or invite them: a person, or an organisation, whose place is its own.

    Who signs up needs no more than that. 409 `already_a_member` names the membership that there is.
    """
    return tagged(await call.write(domain.enter, said, answer=Membership.of))


@router.patch("/memberships/{membership}", response_model=Membership, **needs("memberships:write"))
async def change_membership(
    membership: MembershipId, changes: MembershipChanges, call: Call, expected: Expected
) -> Response:
    """Pause, take up again, leave, come back, or correct who brought them. Send the `ETag` as `If-Match`.

    invited → active ⇄ paused; quiet → active; any → left → active again. 409 `illegal_transition` for any other turn.
    Whoever left has no rung; whoever comes back begins as what their activities make them. While somebody is paused
    they never move down.
    """
    return tagged(await call.write(domain.change, membership, changes, expected, answer=Membership.of))


@router.get("/memberships/{membership}", response_model=Membership, **needs("memberships:read", shows=ADMINISTRATION))
async def read_membership(membership: MembershipId, call: Call, response: Response) -> Membership:
    """One membership, with its `ETag`."""
    row = await call.read(domain.read, membership)
    response.headers["etag"] = tag_of(row.version)
    return Membership.of(row)


@router.get("/memberships/{membership}/turns", response_model=Page[Turn], **needs("memberships:read"))
async def list_turns(membership: MembershipId, call: Call) -> Page[Turn]:
    """Every turn that the membership took, the first one first. One that began with a sign-up begins there."""
    return Page(data=[Turn.of(row) for row in await call.read(domain.turns, membership)])


@router.get("/memberships", response_model=Page[Membership], **needs("memberships:read", shows=ADMINISTRATION))
async def list_memberships(
    call: Call,
    paging: Paging,
    state: State | None = None,
    person: PersonId | None = None,
    organisation: OrganisationId | None = None,
    brought_by: PersonId | None = None,
    updated_since: datetime | None = None,
) -> Page[Membership]:
    """Memberships in the order in which they began: all of them, those in a state, or whom somebody brought."""
    chosen = Chosen(state, person, organisation, brought_by, updated_since)
    rows = await call.read(domain.list_memberships, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Membership.of, lambda row: (row.id,))
