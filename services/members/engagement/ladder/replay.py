"""The ladder as a fold over dated facts: what somebody did, what was decided, the rules and the reviews, in order.

People move up at once, and down only at a review: when the rules are not met even over the longer windows of the
policy's pace, and were not for its days of grace; never while they are paused. The same facts give the same course,
in whatever order they came to be known. Nothing here reads a clock or a database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from typing import NamedTuple

from services.members.engagement.ladder import engine, moments
from services.members.engagement.ladder.engine import RUNGS, Activity, Finding, Policy, Rung
from services.members.engagement.ladder.models import Cause, Decided
from services.members.engagement.ladder.moments import Moment
from services.members.engagement.ladder.policies import Rules
from services.members.engagement.ladder.windows import Windows


class What(IntEnum):
    """What a fact is. At one and the same moment, facts are taken in this order."""

    STATE = 0
    POLICY = 1
    ENDS = 2
    BEGINS = 3
    REVIEW = 4
    ACTIVITY = 5


class State(NamedTuple):
    """A turn of the membership: it becomes active, paused or left."""

    state: str


class Decision(NamedTuple):
    """A decision about the place; ``rung`` where it names one."""

    id: str
    decided: Decided
    rung: Rung | None


class Fact(NamedTuple):
    """Something that counts from a moment on."""

    at: Moment
    what: What
    subject: Activity | State | Decision | Rules | None


class Step(NamedTuple):
    """A change of the rung: on which evidence, up to which day, under which rules."""

    on: date
    from_rung: Rung | None
    to_rung: Rung | None
    cause: Cause
    rules: Rules
    evidence: Sequence[Finding]
    as_of: date


@dataclass
class Course:
    """Where the facts so far have taken somebody. ``lowered_on``: the last review that lowered what was computed.

    ``ebbs``: the days on which they became quiet (True), or active again by what they did.
    """

    rules: Rules
    rung: Rung | None = None
    computed: Rung | None = None
    lowered_on: date | None = None
    excluded: bool = False
    quiet: bool = False
    steps: list[Step] = field(default_factory=list)
    ebbs: list[tuple[date, bool]] = field(default_factory=list)
    state: str = ""
    _done: list[Activity] = field(default_factory=list)
    _seen: date = date.min
    _short_since: date | None = None
    _in_force: dict[str, Decision] = field(default_factory=dict)
    _granted: dict[str, Rung] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._windows = Windows(self.rules.policy.selections())

    @property
    def confirmed(self) -> Rung | None:
        """The highest rung that was confirmed, accepted and not lost since."""
        return engine.highest(*self._granted.values()) if self._granted else None

    @property
    def held(self) -> bool:
        """Whether a lock or a floor is in force."""
        return any(each.decided in (Decided.LOCKED, Decided.FLOOR) for each in self._in_force.values())

    def take(self, fact: Fact) -> None:
        """Go on by one fact; they come in their order."""
        day = fact.at[0]
        match fact.what, fact.subject:
            case What.ACTIVITY, Activity() as activity:
                self._did(activity, day)
            case What.STATE, State(state):
                self._turn(state, day)
            case What.POLICY, Rules() as rules:
                self._go_by(rules, day)
            case What.BEGINS, Decision() as decision:
                self._begin(decision, day)
            case What.ENDS, Decision() as decision:
                self._end(decision, day)
            case What.REVIEW, _:
                self._review(day)

    def _did(self, activity: Activity, day: date) -> None:
        self._done.append(activity)
        self._windows.add(activity)
        if self.state in ("active", "paused"):
            if self.quiet:
                self.ebbs.append((day, False))
            self._seen, self.quiet = max(self._seen, day), False
            self._climb(Cause.ACTIVITY, day)

    def _turn(self, state: str, day: date) -> None:
        cause = {"left": Cause.LEFT, "active": Cause.JOINED if not self.state else Cause.REJOINED}
        self._seen, self.quiet, self._short_since = day, False, None
        self.state = state
        self._come_or_go(cause.get(state, Cause.JOINED), day)

    def _go_by(self, rules: Rules, day: date) -> None:
        self.rules, self._windows = rules, Windows(rules.policy.selections())
        for activity in self._done:
            self._windows.add(activity)
        self._climb(Cause.POLICY, day)

    def _begin(self, decision: Decision, day: date) -> None:
        self._in_force[decision.id] = decision
        if decision.decided is Decided.EXCLUDED:
            self._come_or_go(Cause.OFF_LADDER, day)
        elif decision.decided is Decided.CONFIRMED:
            self._confirm(decision, day)
        else:
            self._stand(_CAUSE[decision.decided], day, [])

    def _confirm(self, decision: Decision, day: date) -> None:
        """A confirmation counts where what it confirms had been reached; so one that rests on a void counts no more."""
        if decision.rung is not None and self.computed is not None and self.computed.height >= decision.rung.height:
            self._granted[decision.id] = decision.rung
            found = engine.findings(self.rules.policy, decision.rung, self._windows.tallies(day))
            self._stand(Cause.CONFIRMATION, day, found)

    def _end(self, decision: Decision, day: date) -> None:
        self._in_force.pop(decision.id, None)
        self._granted.pop(decision.id, None)
        if decision.decided is Decided.EXCLUDED:
            self._come_or_go(Cause.READMITTED, day)
        else:
            found = self._windows.tallies(day)
            climbed = RUNGS[1 if self.rung is None else self.rung.height + 1 :]
            why = [finding for rung in climbed for finding in engine.findings(self.rules.policy, rung, found)]
            self._stand(_CAUSE_OF_END[decision.decided], day, why)

    def _come_or_go(self, cause: Cause, day: date) -> None:
        """Whoever is here and excluded by nothing begins as an observer; whoever is not has no rung, and no history."""
        self.excluded = any(each.decided is Decided.EXCLUDED for each in self._in_force.values())
        if self.excluded or self.state not in ("active", "paused"):
            self.computed, self._short_since = None, None
            self._granted.clear()
            self._stand(cause, day, [])
        elif self.computed is None:
            self.computed = Rung.OBSERVER
            self._stand(cause, day, [])
            self._climb(Cause.ACTIVITY, day)

    def _climb(self, cause: Cause, day: date) -> None:
        if self.computed is None or self.computed is RUNGS[-1]:
            return
        found = self._windows.tallies(day)
        reached = engine.computed(self.rules.policy, found)
        if reached.height <= self.computed.height:
            return
        self.computed = reached
        climbed = RUNGS[1 if self.rung is None else self.rung.height + 1 : reached.height + 1]
        self._stand(cause, day, [each for rung in climbed for each in engine.findings(self.rules.policy, rung, found)])

    def _review(self, day: date) -> None:
        as_of, pace = day - timedelta(days=1), self.rules.policy.pace
        if self.state == "active" and self._seen < day - timedelta(days=pace.quiet_after_days):
            self.ebbs += [] if self.quiet else [(day, True)]
            self.quiet = True
        if self.computed in (None, Rung.OBSERVER) or self.state == "paused":
            return
        kept, keeping = self._kept(self.computed, as_of)
        if kept is self.computed:
            self._short_since = None
            return
        self._short_since = self._short_since or day
        if (day - self._short_since).days < pace.grace_days:
            return
        self.computed, self._short_since, self.lowered_on = kept, None, day
        self._granted = {which: rung for which, rung in self._granted.items() if rung.height <= kept.height}
        self._stand(Cause.REVIEW, as_of, keeping)

    def _kept(self, stood: Rung, as_of: date) -> tuple[Rung, Sequence[Finding]]:
        """The highest rung, up to the one stood on, that is still met; and what was found for the one above it."""
        if engine.computed(self.rules.policy, self._windows.tallies(as_of)).height >= stood.height:
            return stood, ()
        easier: Policy = self.rules.policy.for_keeping()
        found = engine.tallies(easier, self._done, as_of)
        kept = engine.lowest(stood, engine.computed(easier, found))
        return kept, () if kept.above is None else engine.findings(easier, kept.above, found)

    def _stand(self, cause: Cause, as_of: date, evidence: Iterable[Finding]) -> None:
        """Stand where everything together says, and keep the step where that is another rung."""
        stands = None
        if self.computed is not None:
            stands = engine.effective(self.computed, self.confirmed, self._locked(), self._floor())
        if stands is not self.rung:
            climbed = [each for each in evidence if cause is Cause.REVIEW or _within(each.rung, stands)]
            self.steps.append(Step(as_of, self.rung, stands, cause, self.rules, climbed, as_of))
            self.rung = stands

    def _locked(self) -> Rung | None:
        locks = [each.rung for each in self._in_force.values() if each.decided is Decided.LOCKED]
        return locks[-1] if locks else None

    def _floor(self) -> Rung | None:
        floors = [each.rung for each in self._in_force.values() if each.decided is Decided.FLOOR and each.rung]
        return engine.highest(*floors) if floors else None


def replay(
    versions: Sequence[tuple[Moment, Rules]], reviews: Iterable[date], facts: Iterable[Fact], until: date
) -> Course:
    """The course that facts have taken up to and with a day, under the versions of the rules and with these reviews.

    The first version counts from the beginning of time.
    """
    course = Course(versions[0][1])
    everything = [Fact(at, What.POLICY, rules) for at, rules in versions[1:]]
    everything += [Fact(moments.review(on), What.REVIEW, None) for on in reviews]
    everything += facts
    everything.sort(key=_order)
    for fact in everything:
        if fact.at[0] > until:
            break
        course.take(fact)
    return course


_CAUSE = {Decided.LOCKED: Cause.LOCK, Decided.FLOOR: Cause.FLOOR, Decided.CONFIRMED: Cause.CONFIRMATION}
_CAUSE_OF_END = {**_CAUSE, Decided.CONFIRMED: Cause.STEPPED_BACK}


def _order(fact: Fact) -> tuple[Moment, int]:
    return fact.at, fact.what


def _within(rung: Rung, stands: Rung | None) -> bool:
    return stands is not None and rung.height <= stands.height
