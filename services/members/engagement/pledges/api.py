"""Routes of pledges. A pledge is made with a sign-up."""

from fastapi import APIRouter

from services.members.engagement.pledges import store
from services.members.engagement.pledges.schemas import Pledge
from services.members.fields import PersonId, Slug
from shared.calls import Call, needs
from shared.pages import Page, Paging

router = APIRouter(prefix="/v1", tags=["Pledges"])


@router.get("/pledges", response_model=Page[Pledge], **needs("pledges:read"))
async def list_pledges(
    call: Call, paging: Paging, person: PersonId | None = None, campaign: Slug | None = None
) -> Page[Pledge]:
    """Pledges in the order in which they were made: all of them, a person's, or a campaign's."""
    rows = await call.read(store.list_pledges, person=person, campaign=campaign, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Pledge.of, lambda pledge: (pledge.id,))
