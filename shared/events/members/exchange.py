"""What people ask of one another and offer, and what comes of it: ids and kinds, and never who or in which words."""

from shared.events.base import Event


class AskOpened(Event, type="ask.opened", service="members", key="ask"):
    """Somebody asks for time, a skill, space, kit or advice."""

    ask: str
    kind: str


class AskWithdrawn(Event, type="ask.withdrawn", service="members", key="ask"):
    """What was asked for is not needed any more."""

    ask: str


class AskMatched(Event, type="ask.matched", service="members", key="ask"):
    """An offer is to meet an ask."""

    ask: str
    match: str
    offer: str


class AskUnmatched(Event, type="ask.unmatched", service="members", key="ask"):
    """A match came to nothing; the ask and the offer are open again, or withdrawn."""

    ask: str
    match: str
    offer: str


class AskDone(Event, type="ask.done", service="members", key="ask"):
    """What was asked for was done."""

    ask: str
    match: str
    offer: str


class AskThanked(Event, type="ask.thanked", service="members", key="ask"):
    """Whoever asked said thank you."""

    ask: str
    match: str
    offer: str


class OfferOpened(Event, type="offer.opened", service="members", key="offer"):
    """Somebody offers time, a skill, space, kit or advice."""

    offer: str
    kind: str


class OfferWithdrawn(Event, type="offer.withdrawn", service="members", key="offer"):
    """What was offered is to be had no more."""

    offer: str
