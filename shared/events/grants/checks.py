"""What the grants service tells of checks of groups: that one was made, and never what was seen."""

from shared.events.base import Event


class GroupCheckRecorded(Event, type="group_check.recorded", service="grants", key="check"):
    """Something was made sure of about the group of an award, or waived for it."""

    check: str
    award: str
    kind: str
    outcome: str


class GroupCheckWithdrawn(Event, type="group_check.withdrawn", service="grants", key="check"):
    """A check of a group counts no more."""

    check: str
    award: str
