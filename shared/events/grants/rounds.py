"""What the grants service tells of rounds."""

from shared.events.base import Event


class RoundDrafted(Event, type="round.drafted", service="grants", key="round"):
    """A round was drafted that people's unmet wishes had suggested. Other drafts are told of once they open."""

    round: str
    suggestion: str


class RoundDropped(Event, type="round.dropped", service="grants", key="round"):
    """Such a draft was called off before it opened."""

    round: str


class RoundOpened(Event, type="round.opened", service="grants", key="round"):
    """A round opened: its rules are frozen and its budget is reserved from its fund's cleared money."""

    round: str
    fund: str
    budget_pence: int
    currency: str


class RoundClosed(Event, type="round.closed", service="grants", key="round"):
    """An open round was closed or cancelled: nothing more is awarded, and what was not awarded is the fund's again."""

    round: str
