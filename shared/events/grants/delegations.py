"""What the grants service tells of delegations."""

from shared.events.base import Event


class DelegationMade(Event, type="delegation.made", service="grants", key="delegation"):
    """Powers over a fund were handed to an organisation."""

    delegation: str
    fund: str
    to: str


class DelegationChanged(Event, type="delegation.changed", service="grants", key="delegation"):
    """It reaches further than before, or less far, or is over on another day."""

    delegation: str
    version: int


class DelegationEnded(Event, type="delegation.ended", service="grants", key="delegation"):
    """It was taken back, or handed back: nothing more is decided under it, and what was offered stands."""

    delegation: str
    fund: str


class AwardCountersigned(Event, type="award.countersigned", service="grants", key="award"):
    """Somebody who oversees the fund agreed to an award that others made of it, of this amount."""

    award: str
    amount_pence: int
    currency: str
