"""Routes of campaigns."""

from fastapi import Response
from pydantic import AwareDatetime

from services.members.engagement.campaigns import domain, progress, store
from services.members.engagement.campaigns.models import CampaignKind, CampaignState
from services.members.engagement.campaigns.schemas import (
    AskId,
    Campaign,
    CampaignChanges,
    CampaignId,
    CampaignProgress,
    NewAnswer,
    NewAsk,
    NewCampaign,
)
from services.members.fields import Slug
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/campaigns", tags=["Campaigns"])


@router.post("", status_code=201, response_model=Campaign, **needs("campaigns:write"))
async def draft_campaign(body: NewCampaign, call: Call) -> Response:
    """Prepare a campaign: what it is for, what it sets out to reach by when, and who is asked to decide.

    409 `slug_taken` where the movement has one with that slug.
    """
    return tagged(await call.write(domain.draft, body, answer=Campaign.of))


@router.get("", response_model=Page[Campaign], **needs("campaigns:read"))
async def list_campaigns(
    call: Call,
    paging: Paging,
    slug: Slug | None = None,
    kind: CampaignKind | None = None,
    state: CampaignState | None = None,
    updated_since: AwareDatetime | None = None,
) -> Page[Campaign]:
    """Campaigns in the order in which they were begun."""
    rows = await call.read(
        store.list_campaigns,
        slug=slug,
        kind=kind,
        state=state,
        updated_since=updated_since,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(rows, Campaign.of, lambda campaign: (campaign.id,))


@router.get("/{campaign}", response_model=Campaign, **needs("campaigns:read"))
async def read_campaign(campaign: CampaignId, call: Call, response: Response) -> Campaign:
    """One campaign, with its targets and asks."""
    shown = Campaign.of(await call.read(domain.read, campaign))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{campaign}", response_model=Campaign, **needs("campaigns:write"))
async def change_campaign(campaign: CampaignId, body: CampaignChanges, call: Call, expected: Expected) -> Response:
    """Change a campaign that is not closed. Its targets are settled once it opens (409 `not_a_draft`)."""
    return tagged(await call.write(domain.change, campaign, body, expected, answer=Campaign.of))


@router.post("/{campaign}/open", response_model=Campaign, **needs("campaigns:write"))
async def open_campaign(campaign: CampaignId, call: Call, expected: Expected) -> Response:
    """Open a draft to everybody.

    Somebody goes first: 409 `no_published_pledge` where no pledge for it is published, and 409 `nobody_asked` where a
    policy ask does not say who is to decide. 409 `campaign_over` where its last day has passed.
    """
    return tagged(await call.write(domain.open_to_all, campaign, expected, answer=Campaign.of))


@router.post("/{campaign}/close", response_model=Campaign, **needs("campaigns:write"))
async def close_campaign(campaign: CampaignId, call: Call, expected: Expected) -> Response:
    """End a campaign, or give up a draft, for good. What was pledged stays pledged, and answers may still come.

    An open campaign closes by itself after its last day, where the movement is.
    """
    return tagged(await call.write(domain.close, campaign, expected, answer=Campaign.of))


@router.post("/{campaign}/asks", status_code=201, response_model=Campaign, **needs("campaigns:write"))
async def add_ask(campaign: CampaignId, body: NewAsk, call: Call) -> Response:
    """Ask one more office or body to decide something."""
    return tagged(await call.write(domain.ask, campaign, body, answer=Campaign.of))


@router.post("/{campaign}/asks/{ask}/answer", response_model=Campaign, **needs("campaigns:write"))
async def answer_ask(campaign: CampaignId, ask: AskId, body: NewAnswer, call: Call) -> Response:
    """Note what those who were asked answered; a later answer takes the place of an earlier one."""
    return tagged(await call.write(domain.answer, campaign, ask, body, answer=Campaign.of))


@router.get("/{campaign}/progress", response_model=CampaignProgress, **needs("campaigns:read"))
async def read_progress(campaign: CampaignId, call: Call) -> CampaignProgress:
    """How far a campaign is against its targets.

    Towards a target counts what was pledged by the end of its day, in the movement's time zone. Released pledges do
    not count.
    """
    return CampaignProgress.of(await call.read(progress.progress, campaign))
