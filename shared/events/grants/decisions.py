"""What the grants service tells of decisions: who decides how, digests, counts and pence; never who voted, nor why."""

from shared.events.base import Event


class SeedCommitted(Event, type="draw.committed", service="grants", key="draw"):
    """A round's lots will be reckoned from a seed whose SHA-256 is this: nobody can choose another one any more."""

    draw: str
    round: str
    digest: str


class SeedRevealed(Event, type="draw.revealed", service="grants", key="draw"):
    """The seed that was promised: everybody can reckon the round's lots."""

    draw: str
    seed: str


class DecisionBegun(Event, type="decision.begun", service="grants", key="decision"):
    """So many applications of a round are to be decided, by its `mode`: officer, panel, vote or draw."""

    decision: str
    round: str
    mode: str
    applications: int


class VotingOpened(Event, type="decision.voting_opened", service="grants", key="decision"):
    """Whoever is on the roll can vote."""

    decision: str


class VotingClosed(Event, type="decision.voting_closed", service="grants", key="decision"):
    """Voting is over. `digest` is that of the whole record: any ballot taken away, altered or added breaks it."""

    decision: str
    online: int
    paper: int
    digest: str


class DecisionRanked(Event, type="decision.ranked", service="grants", key="decision"):
    """The order of the applications is known."""

    decision: str


class DecisionAbandoned(Event, type="decision.abandoned", service="grants", key="decision"):
    """The decision was given up before it was made."""

    decision: str
