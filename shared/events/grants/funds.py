"""What the grants service tells of funds and of the money that comes into them."""

from shared.events.base import Event


class FundCreated(Event, type="fund.created", service="grants", key="fund"):
    """A fund was set up. It holds nothing until a contribution clears."""

    fund: str
    currency: str


class FundChanged(Event, type="fund.changed", service="grants", key="fund"):
    """The fund was edited. What is new is asked for, and not told."""

    fund: str
    version: int


class ContributionCleared(Event, type="contribution.cleared", service="grants", key="fund"):
    """Money of a contribution reached the fund: this much more can be reserved by rounds."""

    fund: str
    contribution: str
    amount_pence: int
    currency: str


class ContributionReduced(Event, type="contribution.reduced", service="grants", key="fund"):
    """So much of what a funder promised will not come."""

    fund: str
    contribution: str
    amount_pence: int
    currency: str


class ContributionReturned(Event, type="contribution.returned", service="grants", key="fund"):
    """So much of a contribution went back to its funder: rounds can reserve this much less."""

    fund: str
    contribution: str
    amount_pence: int
    currency: str


class ContributionMoved(Event, type="contribution.moved", service="grants", key="fund"):
    """So much of a contribution is another fund's, as a contribution of the same funder: it was not spent in time."""

    fund: str
    contribution: str
    to_fund: str
    to_contribution: str
    amount_pence: int
    currency: str


class UnderspendSettled(Event, type="fund.underspend_settled", service="grants", key="fund"):
    """What was not spent in time was returned, kept until a later day, or moved (`to`), by the fund's own `rule`."""

    fund: str
    rule: str
    amount_pence: int
    currency: str
    to: str | None = None


class ManagementFeeTaken(Event, type="contribution.fee_taken", service="grants", key="fund"):
    """So much of a contribution was taken for running the fund: rounds can reserve this much less."""

    fund: str
    contribution: str
    amount_pence: int
    currency: str
