"""Who causes a change, and why: what every event that the change records is stamped with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Context:
    """The cause of one transaction.

    ``movement`` is the tenant, ``actor`` the principal's id, ``causation`` the id of the request or of the event that
    led here, ``origin`` the connection that it came through (loop prevention reads it), ``traceparent`` the W3C trace.
    """

    movement: str
    actor: str
    causation: str | None = None
    origin: str | None = None
    traceparent: str | None = None


SYSTEM = Context(movement="", actor="system")
"""The suite's own housekeeping. It may change rows; it may record no event, for it stands in no movement."""
