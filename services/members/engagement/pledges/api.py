"""Routes of pledges. A pledge can also be made with a sign-up."""

from fastapi import Response
from pydantic import AwareDatetime

from services.members.engagement.pledges import domain
from services.members.engagement.pledges.models import PledgeState
from services.members.engagement.pledges.schemas import (
    NewPledgeOf,
    Permitted,
    Pledge,
    PledgeChanges,
    PledgeId,
    Settlement,
)
from services.members.engagement.pledges.store import Chosen
from services.members.fields import OrganisationId, PersonId, Slug
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/pledges", tags=["Pledges"])


@router.post("", status_code=201, response_model=Pledge, **needs("pledges:write"))
async def make_pledge(body: NewPledgeOf, call: Call) -> Response:
    """Make a pledge for a person or an organisation. It is the person's activity `pledged`.

    `published` shows it openly by the permission of the person whose pledge it is, unless somebody else is named; an
    organisation's needs somebody who is (422 `no_permission`). Pledges of children, residents and connectors' clients
    are not shown openly (409 `not_shown_openly`).
    """
    return tagged(await call.write(domain.pledge, body, answer=Pledge.of))


@router.get("", response_model=Page[Pledge], **needs("pledges:read", shows=ADMINISTRATION))
async def list_pledges(
    call: Call,
    paging: Paging,
    person: PersonId | None = None,
    organisation: OrganisationId | None = None,
    campaign: Slug | None = None,
    state: PledgeState | None = None,
    published: bool | None = None,
    updated_since: AwareDatetime | None = None,
) -> Page[Pledge]:
    """Pledges in the order in which they were made."""
    chosen = Chosen(person, organisation, campaign, state, published, updated_since)
    rows = await call.read(domain.list_pledges, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Pledge.of, lambda pledge: (pledge.id,))


@router.get("/{pledge}", response_model=Pledge, **needs("pledges:read", shows=ADMINISTRATION))
async def read_pledge(pledge: PledgeId, call: Call, response: Response) -> Pledge:
    """One pledge, with every state that it was in."""
    shown = Pledge.of(await call.read_by_key(domain.read, pledge))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{pledge}", response_model=Pledge, **needs("pledges:write"))
async def change_pledge(pledge: PledgeId, body: PledgeChanges, call: Call, expected: Expected) -> Response:
    """Change a pledge that is still open (409 `no_longer_changed`).

    The permission to show a pledge openly is for its words: other words are not shown until they are published too.
    """
    return tagged(await call.write(domain.change, pledge, body, expected, answer=Pledge.of))


@router.post("/{pledge}/keep", response_model=Pledge, **needs("pledges:write"))
async def keep_pledge(pledge: PledgeId, body: Settlement, call: Call) -> Response:
    """Note that a pledge was kept, on time or late. A person's is their activity `kept_pledge` on that day."""
    return tagged(await call.write(domain.keep, pledge, body, answer=Pledge.of))


@router.post("/{pledge}/release", response_model=Pledge, **needs("pledges:write"))
async def release_pledge(pledge: PledgeId, body: Settlement, call: Call) -> Response:
    """Free whoever made a pledge from it: lives change, and nobody is counted as having failed."""
    return tagged(await call.write(domain.release, pledge, body, answer=Pledge.of))


@router.post("/{pledge}/publish", response_model=Pledge, **needs("pledges:write"))
async def publish_pledge(pledge: PledgeId, body: Permitted, call: Call) -> Response:
    """Show a pledge openly, by the permission of the person whose it is or of whoever is named."""
    return tagged(await call.write(domain.publish, pledge, body, answer=Pledge.of))


@router.post("/{pledge}/unpublish", response_model=Pledge, **needs("pledges:write"))
async def unpublish_pledge(pledge: PledgeId, call: Call) -> Response:
    """Show a pledge to nobody outside any more: the permission was taken back."""
    return tagged(await call.write(domain.unpublish, pledge, answer=Pledge.of))
