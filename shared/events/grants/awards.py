"""What the grants service tells of awards."""

from shared.events.base import Event


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
