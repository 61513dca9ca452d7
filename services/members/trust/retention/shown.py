"""How a kind of record is shown with its rule, and what the rule would do."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from pydantic import Field

from services.members.trust.retention.elsewhere import Told
from services.members.trust.retention.kinds import Action
from services.members.trust.retention.rules import Ruled
from services.members.trust.retention.runs import Found
from services.members.trust.retention.schemas import RetentionRule
from shared.fields import View


class RetentionKind(View):
    """A kind of record: what it is, what may be settled for it, and the rule that holds.

    Version 0: nothing is settled yet. One without a rule ends by something else, and says by what.
    """

    kind: str = Field(examples=["bookings"])
    name: str
    version: int
    rule: RetentionRule | None
    ends_by: str | None
    events: list[str] = Field(description="what its period may be counted from")
    actions: list[Action] = Field(description="what may be done with it")

    @classmethod
    def of(cls, ruled: Ruled) -> Self:
        """A kind as the API shows it."""
        kind, settled = ruled
        return cls(
            kind=kind.key,
            name=kind.name,
            version=0 if settled is None else settled.version,
            rule=_rule(ruled),
            ends_by=kind.because,
            events=list(kind.after),
            actions=list(kind.may),
        )


class RetentionSchedule(View):
    """The whole retention schedule."""

    data: list[RetentionKind]

    @classmethod
    def of(cls, every: Iterable[Ruled]) -> Self:
        """The schedule as the API shows it."""
        return cls(data=[RetentionKind.of(ruled) for ruled in every])


class KeptElsewhere(View):
    """A kind of record of another service: what it is, until when it is kept, and by which source."""

    service: str
    kind: str
    name: str
    until: str
    source: str


class RetentionPreview(View):
    """What a rule would do now. `cut_off` is the last day whose records are due, `sample` the ids of the oldest.

    `held` is how many are due and held back, by reason; one that is held for two counts for both.
    """

    kind: str
    version: int
    rule: RetentionRule
    cut_off: date
    records: int
    oldest: date | None
    sample: list[str]
    held: dict[str, int]

    @classmethod
    def of(cls, found: Found) -> Self:
        """A preview as the API shows it."""
        shown = RetentionKind.of(found.ruled)
        return cls.model_validate(
            {
                "kind": shown.kind,
                "version": shown.version,
                "rule": shown.rule,
                **{name: getattr(found, name) for name in ("cut_off", "records", "oldest", "sample")},
                "held": {str(reason): count for reason, count in found.held.items()},
            }
        )


class RetentionElsewhere(View):
    """What the other services keep of people. `missing` names one that did not answer, and why."""

    data: list[KeptElsewhere]
    missing: dict[str, str]

    @classmethod
    def of(cls, told: Iterable[Told]) -> Self:
        """As the API shows it."""
        answers = list(told)
        data = [
            KeptElsewhere(service=each.service, kind=one.kind, name=one.name, until=one.until, source=one.source)
            for each in answers
            for one in each.kept or ()
        ]
        return cls(data=data, missing={each.service: each.missing for each in answers if each.missing is not None})


def _rule(ruled: Ruled) -> RetentionRule | None:
    settled, standard = ruled.rule, ruled.kind.standard
    if settled is not None:
        return RetentionRule.model_validate(settled, from_attributes=True)
    if standard is None:
        return None
    return RetentionRule(
        months=standard.months,
        days=0,
        after=standard.after,
        action=standard.action,
        source=standard.source,
        daily=False,
        settled=False,
    )
