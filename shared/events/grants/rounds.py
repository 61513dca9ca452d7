"""What the grants service tells of rounds."""

from shared.events.base import Event


class RoundDrafted(Event, type="round.drafted", service="grants", key="round"):
    """A round was drafted that people's unmet wishes had suggested. Other drafts are told of once they open."""

    round: str
    suggestion: str


class RoundDropped(Event, type="round.dropped", service="grants", key="round"):
    """Such a draft was called off before it opened."""

    round: str


class RoundPublished(Event, type="round.published", service="grants", key="round"):
    """A round was published with its rules and dates. One that opens without that is told of as opened alone."""

    round: str


class RoundOpened(Event, type="round.opened", service="grants", key="round"):
    """A round opened: its rules are frozen and its budget is reserved from its fund's cleared money."""

    round: str
    fund: str
    budget_pence: int
    currency: str


class RoundHeldUp(Event, type="round.held_up", service="grants", key="round"):
    """A published round could not open at its instant, for what the code of a problem says, such as `over_fund`."""

    round: str
    code: str


class RoundAmended(Event, type="round.amended", service="grants", key="round"):
    """Rules of an open round were amended, for a reason that is kept: whoever applies, or has, is to be told.

    `changed` names them: `closes_at` (later), `budget` (more) or `quorum` (less).
    """

    round: str
    amendment: str
    changed: list[str]


class RoundClosed(Event, type="round.closed", service="grants", key="round"):
    """An open round was closed or cancelled: it takes no more applications."""

    round: str


class RoundAssessed(Event, type="round.assessed", service="grants", key="round"):
    """A round has begun to weigh what came in."""

    round: str


class RoundDecided(Event, type="round.decided", service="grants", key="round"):
    """Every application of a round has its answer."""

    round: str


class RoundCompleted(Event, type="round.completed", service="grants", key="round"):
    """A round is over: nothing more is awarded, and what was not awarded is the fund's again."""

    round: str
    unawarded_pence: int
    currency: str


class RoundCancelled(Event, type="round.cancelled", service="grants", key="round"):
    """A round that was known of is called off, and awards nothing: its budget, if it held one, is the fund's again."""

    round: str
