"""What people and organisations take on over a time, and what became of it."""

from shared.events.base import Event


class CommitmentMade(Event, type="commitment.made", service="members", key="giver"):
    """A person or an organisation (the giver) took something on, within a programme or a campaign."""

    giver: str
    commitment: str
    programme: str | None
    campaign: str | None


class CommitmentSettled(Event, type="commitment.settled", service="members", key="giver"):
    """It is known what became of a commitment: kept, part_kept or not_kept."""

    giver: str
    commitment: str
    became: str


class CommitmentPassedOn(Event, type="commitment.passed_on", service="members", key="giver"):
    """An organisation (the giver) took on a commitment of another that has ended, or took it back."""

    giver: str
    commitment: str
    before: str


class CommitmentStandsAgain(Event, type="commitment.stands_again", service="members", key="giver"):
    """A commitment of an organisation is under way again: that the organisation ended was undone."""

    giver: str
    commitment: str
