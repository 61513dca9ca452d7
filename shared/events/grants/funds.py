"""What the grants service tells of funds and of the money that comes into them."""

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
