"""What people do, and where they stand on the ladder."""

from shared.events.base import Event


class ActivityRecorded(Event, type="activity.recorded", service="members", key="person"):
    """Something that the person did with the movement was recorded, on the day or later."""

    person: str
    activity: str
    kind: str


class MembershipStateChanged(Event, type="membership.state_changed", service="members", key="person"):
    """The person was invited, paused, became quiet or active again, left or came back. Joining has its own event."""

    person: str
    membership: str
    from_state: str | None
    to_state: str


class OrganisationMembershipStateChanged(
    Event, type="organisation_membership.state_changed", service="members", key="organisation"
):
    """The organisation was invited, joined, paused, left or came back; its staff have memberships of their own."""

    organisation: str
    membership: str
    from_state: str | None
    to_state: str


class ActivityVoided(Event, type="activity.voided", service="members", key="person"):
    """Something that was recorded of the person counts for nothing any more, as if it had never been recorded."""

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


class LadderRunFinished(Event, type="ladder_run.finished", service="members", key="run"):
    """Everybody's place was reckoned anew: after a new policy, for a review or on request; so many stand elsewhere."""

    run: str
    kind: str
    people: int
    moved_up: int
    moved_down: int


class RungConfirmationOffered(Event, type="rung_confirmation.offered", service="members", key="person"):
    """A user of the movement confirmed that the person is ready for a rung; the person has not answered yet."""

    person: str
    confirmation: str
    rung: str


class RungConfirmationAnswered(Event, type="rung_confirmation.answered", service="members", key="person"):
    """The person said yes or no to a rung that was offered to them, or stepped back from it."""

    person: str
    confirmation: str
    rung: str
    answer: str


class NextAskMade(Event, type="next_ask.made", service="members", key="ask"):
    """The movement means to invite the person to something; who asks is a person, where that is said."""

    ask: str
    person: str
    asker: str | None


class NextAskAnswered(Event, type="next_ask.answered", service="members", key="ask"):
    """The person said yes, no or later, or nothing."""

    ask: str
    person: str
    answer: str


class NextAskWithdrawn(Event, type="next_ask.withdrawn", service="members", key="ask"):
    """The movement no longer means to ask."""

    ask: str
    person: str
