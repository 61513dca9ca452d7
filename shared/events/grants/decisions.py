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


class DecisionMade(Event, type="decision.made", service="grants", key="decision"):
    """So many applications are offered so much together, so many wait in reserve, so many were declined: one act."""

    decision: str
    round: str
    awards: int
    reserves: int
    declined: int
    amount_pence: int
    currency: str


class ReserveOffered(Event, type="decision.reserve_offered", service="grants", key="decision"):
    """Money came free, and the next on the reserve list that it reaches for was offered it."""

    decision: str
    application: str
    award: str
