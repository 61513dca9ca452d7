"""What is said about a ladder's rules, and how the ladder is shown: in words, with the evidence behind them."""

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Self

import msgspec
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from services.members.engagement.ladder import engine, models, policies, words
from services.members.engagement.ladder.engine import RUNGS, Finding, Rung
from services.members.engagement.ladder.hold_schemas import Hold
from services.members.engagement.ladder.models import Cause, PolicyState
from services.members.engagement.ladder.policies import Rules
from services.members.engagement.ladder.replay import Course
from services.members.engagement.ladder.standing import Funnel, Standing
from services.members.fields import PersonId, PolicyId, Slug
from shared.fields import Body, View

_PACE = engine.Pace()

Threshold = Annotated[int, Field(ge=1, le=1000)]


def _each_once(kinds: list[str]) -> list[str]:
    if len(set(kinds)) < len(kinds):
        raise PydanticCustomError("repeated", "names the same kind twice")
    return kinds


class Rule(Body):
    """What a rung asks for: at least so many activities, on so many different days, with so many different people.

    It looks at activities of some kinds (none named: of any kind), within the last so many days (none: ever).
    """

    kinds: Annotated[list[Slug], AfterValidator(_each_once)] = Field(default_factory=list, max_length=50)
    activities: Threshold | None = None
    distinct_days: Threshold | None = None
    distinct_counterparts: Threshold | None = None
    within_days: Annotated[int, Field(ge=1, le=3660)] | None = None

    def to_engine(self) -> engine.Rule:
        """The rule as the engine reckons with it."""
        return engine.Rule(
            frozenset(self.kinds), self.activities, self.distinct_days, self.distinct_counterparts, self.within_days
        )


Asked = Annotated[list[Rule], Field(min_length=1, max_length=20)]


class RungRules(Body):
    """What each rung above observer asks for: all of its rules, on top of those of every rung below it."""

    follower: Asked
    active_participant: Asked
    champion: Asked
    co_owner: Asked


class Pace(Body):
    """How slowly anybody moves down, and when an active member is called quiet. All in days."""

    review_every_days: int = Field(_PACE.review_every_days, ge=1, le=366, description="from one review to the next")
    keep_days_longer: int = Field(
        _PACE.keep_days_longer, ge=0, le=3660, description="windows are so much longer for whoever is on a rung already"
    )
    grace_days: int = Field(
        _PACE.grace_days, ge=0, le=3660, description="whoever falls short even so keeps the rung for so much longer"
    )
    quiet_after_days: int = Field(_PACE.quiet_after_days, ge=1, le=3660, description="without any activity")


class NewPolicy(Body):
    """A version of the rules, to be drafted."""

    rules: RungRules
    pace: Pace = Field(default_factory=Pace)

    def to_engine(self) -> engine.Policy:
        """The rules as the engine reckons with them."""
        asked: Mapping[str, list[Rule]] = dict(self.rules)
        rules = {rung: tuple(rule.to_engine() for rule in asked[rung]) for rung in RUNGS[1:]}
        return engine.Policy(rules, engine.Pace(**dict(self.pace)))


class ShownRule(View):
    """A rule, and what it says in plain words."""

    in_words: str
    kinds: list[str]
    activities: int | None
    distinct_days: int | None
    distinct_counterparts: int | None
    within_days: int | None

    @classmethod
    def of(cls, rule: engine.Rule) -> Self:
        """A rule as the API shows it."""
        return cls(
            in_words=words.rule(rule),
            kinds=sorted(rule.kinds),
            activities=rule.activities,
            distinct_days=rule.distinct_days,
            distinct_counterparts=rule.distinct_counterparts,
            within_days=rule.within_days,
        )


class Policy(View):
    """A version of the ladder's rules."""

    id: PolicyId
    version: int
    state: PolicyState
    rules: dict[Rung, list[ShownRule]]
    pace: Pace
    created_at: datetime
    activated_at: datetime | None

    @classmethod
    def of(cls, row: models.LadderPolicy) -> Self:
        """A version as the API shows it."""
        policy = policies.parsed(row.rules)
        return cls(
            id=row.id,
            version=row.version,
            state=PolicyState(row.state),
            rules={rung: [ShownRule.of(rule) for rule in policy.rules[rung]] for rung in RUNGS[1:]},
            pace=Pace(**dataclasses.asdict(policy.pace)),
            created_at=row.created_at,
            activated_at=row.activated_at,
        )


class PolicyInForce(View):
    """Which version of the rules this was reckoned by."""

    id: PolicyId
    version: int

    @classmethod
    def of(cls, rules: Rules) -> Self:
        """The version in force."""
        return cls(id=rules.id, version=rules.version)


class RungCount(View):
    """How many people stand on a rung; ``awaiting_confirmation`` of the rung below only wait to be confirmed on it."""

    rung: Rung
    people: int
    awaiting_confirmation: int


class Ladder(View):
    """The movement's people by rung, from the lowest. ``without_rung`` have no place on the ladder."""

    policy: PolicyInForce
    rungs: list[RungCount]
    without_rung: int

    @classmethod
    def of(cls, funnel: Funnel) -> Self:
        """The funnel as the API shows it."""
        return cls(
            policy=PolicyInForce.of(funnel.rules),
            rungs=[RungCount(rung=r.rung, people=r.people, awaiting_confirmation=r.awaiting) for r in funnel.rungs],
            without_rung=funnel.without_rung,
        )


class Reason(View):
    """A rule that was met, and what was found for it, both in plain words."""

    rung: Rung
    rule: str
    evidence: str

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """What was found for a rule, in words."""
        return cls(rung=finding.rung, rule=words.rule(finding.rule), evidence=words.evidence(finding.found))


class Change(View):
    """A step on the ladder, with its reasons as they were on that day."""

    from_rung: Rung | None
    to_rung: Rung | None
    cause: Cause
    confirmed_by: str | None
    policy: PolicyInForce
    why: list[Reason]
    as_of: date
    changed_at: datetime

    @classmethod
    def of(cls, change: models.RungChange) -> Self:
        """A step as the API shows it."""
        evidence = msgspec.json.decode(change.evidence, type=list[Finding])
        return cls(
            from_rung=None if change.from_rung is None else Rung(change.from_rung),
            to_rung=None if change.to_rung is None else Rung(change.to_rung),
            cause=Cause(change.cause),
            confirmed_by=change.confirmed_by,
            policy=PolicyInForce(id=change.policy, version=change.policy_version),
            why=[Reason.of(finding) for finding in evidence],
            as_of=change.as_of,
            changed_at=change.changed_at,
        )


class NextRung(View):
    """The next rung up, and what would help towards it, in words."""

    rung: Rung
    what_would_help: list[str]


class PersonThen(View):
    """Where a person stood at the end of a day, and why. It is not a score."""

    person: PersonId
    day: date
    known_on: date | None = Field(description="by what was known at the end of this day; null: by what is known now")
    rung: Rung | None
    why: list[Reason]
    policy: PolicyInForce

    @classmethod
    def of(cls, person: str, day: date, known_on: date | None, course: Course) -> Self:
        """What a replay found, as the API shows it."""
        evidence = course.steps[-1].evidence if course.steps else ()
        return cls(
            person=person,
            day=day,
            known_on=known_on,
            rung=course.rung,
            why=[Reason.of(finding) for finding in evidence],
            policy=PolicyInForce.of(course.rules),
        )


class PersonLadder(View):
    """Where a person stands, why, and what would take them further: for those who support them. It is not a score."""

    person: PersonId
    membership: str
    state: str
    rung: Rung | None
    in_words: str
    why: list[Reason]
    eligible_for: Rung | None = Field(description="A rung that only waits to be confirmed.")
    next: NextRung | None
    lock: Hold | None
    floor: Hold | None
    policy: PolicyInForce
    history: list[Change]

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """A standing as the API shows it."""
        history = [Change.of(change) for change in standing.history]
        return cls(
            person=standing.member.person,
            membership=standing.member.membership,
            state=standing.member.state,
            rung=standing.rung,
            in_words=_in_words(standing.rung, history),
            why=history[-1].why if history else [],
            eligible_for=standing.awaiting,
            next=_next(standing),
            lock=None if standing.lock is None else Hold.of(standing.lock),
            floor=None if standing.floor is None else Hold.of(standing.floor),
            policy=PolicyInForce.of(standing.rules),
            history=history,
        )


def _in_words(rung: Rung | None, history: Sequence[Change]) -> str:
    if rung is None:
        return words.NO_LADDER
    return words.standing(rung, history[-1].as_of)


def _next(standing: Standing) -> NextRung | None:
    if standing.rung is None or standing.rung.above is None:
        return None
    if standing.awaiting is not None:
        return NextRung(rung=standing.awaiting, what_would_help=[words.TO_BE_CONFIRMED])
    wishes = [words.invitation(finding) for finding in standing.missing] or [words.ON_THE_WAY]
    return NextRung(rung=standing.rung.above, what_would_help=list(dict.fromkeys(wishes)))
