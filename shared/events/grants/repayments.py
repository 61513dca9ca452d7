"""What the grants service tells of repayments: ids and money, never why."""

from shared.events.base import Event


class RepaymentRequested(Event, type="repayment.requested", service="grants", key="repayment"):
    """A group is asked to pay so much of its award back, for that was `cancelled` or `underspent`."""

    repayment: str
    award: str
    kind: str
    amount_pence: int
    currency: str


class RepaymentReceived(Event, type="repayment.received", service="grants", key="repayment"):
    """So much of a repayment has come."""

    repayment: str
    award: str
    amount_pence: int
    currency: str


class RepaymentWithdrawn(Event, type="repayment.withdrawn", service="grants", key="repayment"):
    """So much of a repayment is not asked back any more, for the bank itself sent the payment back."""

    repayment: str
    award: str
    amount_pence: int
    currency: str


class RepaymentWrittenOff(Event, type="repayment.written_off", service="grants", key="repayment"):
    """So much of a repayment will not come."""

    repayment: str
    award: str
    amount_pence: int
    currency: str
