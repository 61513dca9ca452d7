"""The ladder's arithmetic: pure functions from what somebody did and a policy to the rung that this computes to.

Nothing here reads a clock or a database, and nothing depends on the order of its input: the same activities under the
same policy on the same day give the same rung. A voided activity is one that is not passed in.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum


class Rung(StrEnum):
    """The five rungs, from the lowest. Everybody who joins starts as an observer."""

    OBSERVER = "observer"
    FOLLOWER = "follower"
    ACTIVE_PARTICIPANT = "active_participant"
    CHAMPION = "champion"
    CO_OWNER = "co_owner"

    @property
    def height(self) -> int:
        """How many rungs are below."""
        return _HEIGHTS[self]

    @property
    def above(self) -> "Rung | None":
        """The next rung up; None at the top."""
        return RUNGS[self.height + 1] if self.height + 1 < len(RUNGS) else None


RUNGS = tuple(Rung)
_HEIGHTS = {rung: height for height, rung in enumerate(RUNGS)}

CONFIRMED = frozenset({Rung.CHAMPION, Rung.CO_OWNER})
"""The rungs that a person of the movement confirms and the member accepts; activities alone make somebody eligible."""


HIGHEST_UNCONFIRMED = Rung.ACTIVE_PARTICIPANT


@dataclass(frozen=True, slots=True)
class Activity:
    """What the engine knows of one thing that somebody did. ``counterpart`` is the person it was done with."""

    id: str
    kind: str
    on: date
    counterpart: str | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which activities a rule looks at: of some kinds (none named: any), within so many days up to and with today."""

    kinds: frozenset[str] = frozenset()
    within_days: int | None = None

    def since(self, as_of: date) -> date:
        """The first day of the window."""
        return date.min if self.within_days is None else as_of - timedelta(days=self.within_days - 1)

    def covers(self, other: "Selection") -> bool:
        """Whether every activity that the other selects is selected by this one too."""
        kinds = not self.kinds or (bool(other.kinds) and other.kinds <= self.kinds)
        window = self.within_days is None or (other.within_days is not None and other.within_days <= self.within_days)
        return kinds and window


@dataclass(frozen=True, slots=True)
class Tally:
    """What a selection finds: how many activities, on how many days, with how many people, and the latest day."""

    activities: int = 0
    distinct_days: int = 0
    distinct_counterparts: int = 0
    latest: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """At least so many activities, distinct days and distinct counterparts in a selection. A None asks for nothing."""

    kinds: frozenset[str] = frozenset()
    activities: int | None = None
    distinct_days: int | None = None
    distinct_counterparts: int | None = None
    within_days: int | None = None

    @property
    def selection(self) -> Selection:
        """The activities that the rule looks at."""
        return Selection(self.kinds, self.within_days)

    def met(self, found: Tally) -> bool:
        """Whether what was found is enough."""
        return (
            found.activities >= (self.activities or 0)
            and found.distinct_days >= (self.distinct_days or 0)
            and found.distinct_counterparts >= (self.distinct_counterparts or 0)
        )

    def over_longer(self, days: int) -> "Rule":
        """The same over a window that is so many days longer."""
        return self if self.within_days is None else replace(self, within_days=self.within_days + days)

    def follows_from(self, other: "Rule") -> bool:
        """Whether whoever meets the other rule is bound to meet this one."""
        # So many different days, or people, are at least as many activities.
        acts = max(other.activities or 0, other.distinct_days or 0, other.distinct_counterparts or 0)
        return (
            self.selection.covers(other.selection)
            and acts >= (self.activities or 0)
            and (other.distinct_days or 0) >= (self.distinct_days or 0)
            and (other.distinct_counterparts or 0) >= (self.distinct_counterparts or 0)
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule of a rung, and what was found for it: the evidence that a change of rung is stored with."""

    rung: Rung
    rule: Rule
    found: Tally


@dataclass(frozen=True, slots=True)
class Pace:
    """How slowly a policy takes anybody down, and when it calls somebody quiet. All in days.

    A review comes every ``review_every_days``. A rung is kept as long as its rules are met over windows that are
    ``keep_days_longer``; whoever falls short of that keeps it for another ``grace_days``. An active member who did
    nothing for ``quiet_after_days`` is quiet.
    """

    review_every_days: int = 7
    keep_days_longer: int = 30
    grace_days: int = 28
    quiet_after_days: int = 90


@dataclass(frozen=True)
class Policy:
    """What each rung above the lowest asks for: every one of its rules, on top of those of every rung below."""

    rules: Mapping[Rung, tuple[Rule, ...]]
    pace: Pace = Pace()

    def selections(self) -> list[Selection]:
        """Each selection of activities that some rule looks at, once, in a fixed order."""
        return list(dict.fromkeys(rule.selection for rung in RUNGS[1:] for rule in self.rules[rung]))

    def for_keeping(self) -> "Policy":
        """The same rules over longer windows: what is asked of those who are on a rung already."""
        rules = {
            rung: tuple(rule.over_longer(self.pace.keep_days_longer) for rule in self.rules[rung]) for rung in RUNGS[1:]
        }
        return Policy(rules, self.pace)

    def concerns(self, kinds: Collection[str]) -> bool:
        """Whether an activity of one of these kinds can change anything."""
        return any(not seen.kinds or not seen.kinds.isdisjoint(kinds) for seen in self.selections())


Tallies = Mapping[Selection, Tally]


def tally(activities: Iterable[Activity], selection: Selection, as_of: date) -> Tally:
    """What a selection finds up to a day. An activity that is passed twice counts once."""
    since = selection.since(as_of)
    seen = {
        activity.id: activity
        for activity in activities
        if since <= activity.on <= as_of and (not selection.kinds or activity.kind in selection.kinds)
    }.values()
    return Tally(
        activities=len(seen),
        distinct_days=len({activity.on for activity in seen}),
        distinct_counterparts=len({activity.counterpart for activity in seen} - {None}),
        latest=max((activity.on for activity in seen), default=None),
    )


def tallies(policy: Policy, activities: Iterable[Activity], as_of: date) -> dict[Selection, Tally]:
    """What every selection of a policy finds."""
    known = list(activities)
    return {selection: tally(known, selection, as_of) for selection in policy.selections()}


def findings(policy: Policy, rung: Rung, found: Tallies) -> list[Finding]:
    """What was found for each rule of one rung."""
    return [Finding(rung, rule, found[rule.selection]) for rule in policy.rules.get(rung, ())]


def computed(policy: Policy, found: Tallies) -> Rung:
    """The highest rung whose rules, and those of every rung below it, are met."""
    reached = Rung.OBSERVER
    for rung in RUNGS[1:]:
        if not all(rule.met(found[rule.selection]) for rule in policy.rules[rung]):
            break
        reached = rung
    return reached


def effective(reached: Rung, confirmed: Rung | None, lock: Rung | None = None, floor: Rung | None = None) -> Rung:
    """Where somebody stands: on the rung they are locked to, else on what was computed, and not below the floor.

    Neither takes anybody to a rung that waits for a confirmation, above the highest that was ``confirmed``.
    """
    wanted = lock or highest(reached, floor or RUNGS[0])
    return lowest(wanted, confirmed or HIGHEST_UNCONFIRMED)


def awaiting(standing_on: Rung, reached: Rung) -> Rung | None:
    """The next rung up, if all that it waits for is a confirmation."""
    above = standing_on.above
    return above if above is not None and above in CONFIRMED and above.height <= reached.height else None


def highest(*rungs: Rung) -> Rung:
    """The highest of some rungs."""
    return RUNGS[max(rung.height for rung in rungs)]


def lowest(*rungs: Rung) -> Rung:
    """The lowest of some rungs."""
    return RUNGS[min(rung.height for rung in rungs)]
