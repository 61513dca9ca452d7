"""What becomes of campaigns."""

from shared.events.base import Event


class CampaignOpened(Event, type="campaign.opened", service="members", key="campaign"):
    """A campaign is open to everybody, with a pledge to show. Pledges name it by its slug."""

    campaign: str
    slug: str
    kind: str


class CampaignAnswered(Event, type="campaign.answered", service="members", key="campaign"):
    """Somebody who was asked to decide answered: agreed, agreed in part, or refused."""

    campaign: str
    ask: str
    answer: str


class CampaignClosed(Event, type="campaign.closed", service="members", key="campaign"):
    """A campaign is over, or was given up before it opened."""

    campaign: str
    slug: str
    kind: str
