"""Introductions: that something happened in a case. Who it is about, and to what they were introduced, is not told.

That a case was opened is not told either: in that moment its client loses what a client does not have, such as a rung,
which is told with their id. Side by side, and from one request, the two would say who is a connector's client.
"""

from shared.events.base import Event


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
