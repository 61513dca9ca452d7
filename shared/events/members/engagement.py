"""What people do, and where they stand on the ladder."""

from shared.events.base import Event


class ActivityRecorded(Event, type="activity.recorded", service="members", key="person"):
    """Something that the person did with the movement was recorded, on the day or later."""

    person: str
    activity: str
    kind: str


class MembershipRungChanged(Event, type="membership.rung_changed", service="members", key="person"):
    """The person moved on the ladder, under that policy. Joining as an observer is no move, so it has no such event."""

    person: str
    membership: str
    from_rung: str
    to_rung: str
    policy: str


class MembershipRungRemoved(Event, type="membership.rung_removed", service="members", key="person"):
    """The person has no rung any more, and the event says nothing of why."""

    person: str
    membership: str
    from_rung: str


class LadderPolicyActivated(Event, type="ladder_policy.activated", service="members", key="policy"):
    """A version of the movement's ladder policy is in force from now on; the one before it is retired."""

    policy: str
    version: int
