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
