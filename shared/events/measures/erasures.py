"""What the measures service tells of the rights of people."""

from shared.events.base import Event


class ErasureReceiptGiven(Event, type="measures_receipt.given", service="measures", key="receipt"):
    """The service has taken somebody out of what was written here: out of so many `records`."""

    receipt: str
    erasure: str
    records: int
