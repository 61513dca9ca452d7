"""The backbone's changing part in programmes, and what it leaves to others."""

from shared.events.base import Event


class ProgrammeRoleBegun(Event, type="programme.role_begun", service="members", key="programme"):
    """It was noted that the backbone comes to a role in a programme, or had it once: a period of that role."""

    programme: str
    period: str
    role: str


class ProgrammeRoleEnded(Event, type="programme.role_ended", service="members", key="programme"):
    """It was noted that a period of a role ends, or that it never was."""

    programme: str
    period: str
    role: str


class TaperCompleted(Event, type="taper.completed", service="members", key="programme"):
    """Something that the backbone did in a programme has ended as planned, and somebody else took over.

    The role is None where none ended with it, and the successor where it is not an organisation of the movement.
    """

    programme: str
    taper: str
    role: str | None
    successor: str | None


class TaperDropped(Event, type="taper.dropped", service="members", key="programme"):
    """It is no longer planned that something ends."""

    programme: str
    taper: str
