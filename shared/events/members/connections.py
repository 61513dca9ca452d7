"""Introductions: that something happened in a case. Who it is about, and to what they were introduced, is not told."""

from shared.events.base import Event


class ConnectionOpened(Event, type="connection.opened", service="members", key="connection"):
    """A community connector opened a case with somebody."""

    connection: str


class ConnectionStateChanged(Event, type="connection.state_changed", service="members", key="connection"):
    """The case moved on: it is where the furthest of its introductions is, or it has ended."""

    connection: str
    from_state: str
    to_state: str


class IntroductionStateChanged(Event, type="introduction.state_changed", service="members", key="connection"):
    """One introduction of the case moved on; ``from_state`` is None where it was just permitted."""

    connection: str
    introduction: str
    from_state: str | None
    to_state: str


class WishUnmet(Event, type="wish.unmet", service="members", key="wish"):
    """Nothing on the map met what somebody wishes for; the wish holds a theme and a place, and no person."""

    wish: str
