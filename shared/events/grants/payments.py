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


class PaymentExported(Event, type="payment.exported", service="grants", key="payment"):
    """It went to the bank, in a batch."""

    payment: str
    award: str
    batch: str


class PaymentPaid(Event, type="payment.paid", service="grants", key="payment"):
    """The bank paid it, and it is in the ledger."""

    payment: str
    award: str
    amount_pence: int
    currency: str


class PaymentFailed(Event, type="payment.failed", service="grants", key="payment"):
    """The bank did not pay it: the award is owed as before, and another payment may be proposed."""

    payment: str
    award: str
    amount_pence: int
    currency: str


class PaymentReturned(Event, type="payment.returned", service="grants", key="payment"):
    """The payee's bank sent it back: the award is owed as before, and another payment may be proposed."""

    payment: str
    award: str
    amount_pence: int
    currency: str


class PaymentBatchExported(Event, type="payment_batch.exported", service="grants", key="batch"):
    """The file of a batch was made for the bank: so many payments, of so much together."""

    batch: str
    fund: str
    payments: int
    amount_pence: int
    currency: str


class PaymentBatchExportedAgain(Event, type="payment_batch.exported_again", service="grants", key="batch"):
    """Somebody had the same file made another time, and said why."""

    batch: str
    fund: str
