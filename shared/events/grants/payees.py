"""What the grants service tells of payees: that there are details, never which."""

from shared.events.base import Event


class PayeeNamed(Event, type="payee.named", service="grants", key="payee"):
    """It was said who is paid for an award."""

    payee: str
    award: str


class PayeeAccountEntered(Event, type="payee.account_entered", service="grants", key="payee"):
    """Bank details of a payee were entered; they wait for a call where they replace others (`waits`)."""

    payee: str
    award: str
    waits: bool


class PayeeAccountVerified(Event, type="payee.account_verified", service="grants", key="payee"):
    """Somebody called on a known number, and the changed details are the payee's."""

    payee: str
    award: str
