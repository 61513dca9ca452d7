"""What the members service publishes: who joined, what they allow, do and pledge, where they stand. Ids and kinds."""

from shared.events.base import Event


class PersonCreated(Event, type="person.created", service="members", key="person"):
    """A person became known to the movement."""

    person: str


class MembershipJoined(Event, type="membership.joined", service="members", key="person"):
    """The person joined the movement, brought by another person where somebody is credited."""

    person: str
    membership: str
    brought_by: str | None


class PermissionGiven(Event, type="permission.given", service="members", key="person"):
    """The person allowed a purpose over a channel. A refusal is stored and not published."""

    person: str
    permission: str
    purpose: str
    channel: str


class PledgeMade(Event, type="pledge.made", service="members", key="person"):
    """The person made a pledge, as part of a campaign where one is named."""

    person: str
    pledge: str
    campaign: str | None


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


class LadderPolicyActivated(Event, type="ladder_policy.activated", service="members", key="policy"):
    """A version of the movement's ladder policy is in force from now on; the one before it is retired."""

    policy: str
    version: int
