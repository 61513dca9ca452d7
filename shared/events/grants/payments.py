"""What the grants service tells of payments: ids and pence, never a name and never an account."""

from shared.events.base import Event


class PaymentProposed(Event, type="payment.proposed", service="grants", key="payment"):
    """Somebody proposed to pay so much of an award."""

    payment: str
    award: str
    payee: str
    amount_pence: int
    currency: str


class PaymentApproved(Event, type="payment.approved", service="grants", key="payment"):
    """Somebody else than its proposer approved it."""

    payment: str
    award: str


class PaymentApprovalVoided(Event, type="payment.approval_voided", service="grants", key="payment"):
    """What was approved was changed: it is a proposal again."""

    payment: str
    award: str


class PaymentVoided(Event, type="payment.voided", service="grants", key="payment"):
    """It will not be made."""

    payment: str
    award: str
