"""What becomes of nominations. Who gave one is never on the log: that it was affirmed outlives whoever affirmed it."""

from shared.events.base import Event


class NominationGiven(Event, type="nomination.given", service="members", key="nomination"):
    """Somebody affirmed the nominee as a champion."""

    nomination: str
    nominee: str


class NominationAccepted(Event, type="nomination.accepted", service="members", key="nomination"):
    """The nominee is glad of it."""

    nomination: str
    nominee: str


class NominationDeclined(Event, type="nomination.declined", service="members", key="nomination"):
    """The nominee would rather not."""

    nomination: str
    nominee: str


class NominationWithdrawn(Event, type="nomination.withdrawn", service="members", key="nomination"):
    """The nomination was taken back, or the nominee is to have none; it is not said which."""

    nomination: str
    nominee: str


class NominationExpired(Event, type="nomination.expired", service="members", key="nomination"):
    """The time for which it was given has passed."""

    nomination: str
    nominee: str
