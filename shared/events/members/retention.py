"""How long records are kept: that a movement settled it, and that it was applied. Nobody is named, and no record."""

from shared.events.base import Event


class RetentionRuleSettled(Event, type="retention.rule_settled", service="members", key="rule"):
    """A movement settled how long a kind of record is kept, and what is done then."""

    rule: str
    kind: str
    action: str
    version: int


class RetentionApplied(Event, type="retention.applied", service="members", key="run"):
    """A rule was applied to so many records; ``became`` says whether to all that were due, or somebody stopped it."""

    run: str
    kind: str
    action: str
    records: int
    became: str
