"""What the grants service tells of the rights of people."""

from shared.events.base import Event


class ErasureReceiptGiven(Event, type="grants_receipt.given", service="grants", key="receipt"):
    """The service has taken somebody out of what was written here: out of so many `records`."""

    receipt: str
    erasure: str
    records: int
