"""What people and organisations promise, and whether they keep it.

The giver is whose promise it is, by a person's id or an organisation's: so all that happens to a pledge comes after the
event that it was made.
"""

from shared.events.base import Event


class PledgeMade(Event, type="pledge.made", service="members", key="person"):
    """The person made a pledge, as part of a campaign where one is named."""

    person: str
    pledge: str
    campaign: str | None


class OrganisationPledged(Event, type="organisation.pledged", service="members", key="organisation"):
    """The organisation made a pledge, as part of a campaign where one is named."""

    organisation: str
    pledge: str
    campaign: str | None


class PledgePassedOn(Event, type="pledge.passed_on", service="members", key="giver"):
    """An open pledge is another organisation's from now on: the one before ended, or that it did was undone."""

    giver: str
    pledge: str
    before: str


class PledgeStandsAgain(Event, type="pledge.stands_again", service="members", key="giver"):
    """A pledge that was released because its organisation ended is to be kept again: that it ended was undone."""

    giver: str
    pledge: str


class PledgeOverdue(Event, type="pledge.overdue", service="members", key="giver"):
    """The day by which the pledge was to be kept has passed. It can still be kept, or released."""

    giver: str
    pledge: str
    campaign: str | None


class PledgeKept(Event, type="pledge.kept", service="members", key="giver"):
    """The pledge was kept."""

    giver: str
    pledge: str
    campaign: str | None


class PledgeReleased(Event, type="pledge.released", service="members", key="giver"):
    """Whoever made the pledge is free from it."""

    giver: str
    pledge: str
    campaign: str | None


class PledgePublished(Event, type="pledge.published", service="members", key="giver"):
    """The pledge is shown openly, by permission."""

    giver: str
    pledge: str
    campaign: str | None


class PledgeUnpublished(Event, type="pledge.unpublished", service="members", key="giver"):
    """The pledge is no longer shown openly: the permission was taken back, or was for other words."""

    giver: str
    pledge: str
    campaign: str | None
