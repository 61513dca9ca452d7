"""What the grants service publishes: facts about funds, rounds, applications and awards; ids and money, never words."""

from shared.events.base import Event


class FundCreated(Event, type="fund.created", service="grants", key="fund"):
    """A fund was set up. It holds nothing until a contribution clears."""

    fund: str
    currency: str


class ContributionCleared(Event, type="contribution.cleared", service="grants", key="fund"):
    """Money of a contribution reached the fund: this much more can be reserved by rounds."""

    fund: str
    contribution: str
    amount_pence: int
    currency: str


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


class ApplicationSubmitted(Event, type="application.submitted", service="grants", key="application"):
    """A group asked a round for an amount. What it submitted does not change."""

    application: str
    round: str
    amount_pence: int
    currency: str


class ApplicationEnded(Event, type="application.ended", service="grants", key="application"):
    """An application was `declined` by the movement or `withdrawn` by its group: nothing is awarded to it any more."""

    application: str
    outcome: str


class AwardOffered(Event, type="award.offered", service="grants", key="award"):
    """An award was offered to a group; its amount is reserved in the round's budget."""

    award: str
    application: str
    round: str
    amount_pence: int
    currency: str


class AwardAccepted(Event, type="award.accepted", service="grants", key="award"):
    """The group accepted the award that it was offered."""

    award: str


class AwardEnded(Event, type="award.ended", service="grants", key="award"):
    """An offer `lapsed` unanswered or was `cancelled`: its round holds the amount no longer, its application stands."""

    award: str
    outcome: str
    amount_pence: int
    currency: str


class ErasureReceiptGiven(Event, type="grants_receipt.given", service="grants", key="receipt"):
    """The service has taken somebody out of what was written here: out of so many `records`."""

    receipt: str
    erasure: str
    records: int
