"""Carrying figures over changes of places: who took over what share of whom, and what follows for a figure. Pure.

Figures stay with the place that they were reported for. A crosswalk says what share of a place became part of which
others, as exact fractions that sum to one, so nothing is lost or counted twice on the way; what is read over one is an
estimate as soon as a share is not the whole, for it supposes that what is counted is spread like the crosswalk's basis.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from services.measures.observations.models import Amount, Bound, FigureStatus
from services.measures.places.models import Span

WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Step:
    """On this day so much of one place became part of another, which may be itself."""

    on: date
    place: str
    to: str
    weight: Fraction


class Crosswalk:
    """What became of places. `spans` say when they existed: a place that began on the day of a change is new."""

    def __init__(self, steps: Iterable[Step], spans: Mapping[str, Span]) -> None:
        self._spans = spans
        self._days: dict[date, list[Step]] = defaultdict(list)
        for step in steps:
            self._days[step.on].append(step)

    def shares(self, place: str, since: date, until: date) -> dict[str, Fraction]:
        """What share of a place as it was on one day lies in which place on a later one. They sum to exactly 1."""
        shares = {place: WHOLE}
        for day in sorted(day for day in self._days if since < day <= until):
            after: dict[str, Fraction] = defaultdict(Fraction)
            for held, share in shares.items():
                for to, weight in self._outgoing(day, held).items():
                    after[to] += share * weight
            shares = dict(after)
        return shares

    def sources(self, place: str, since: date, until: date) -> dict[str, Fraction]:
        """Of which places as they were on one day what share lies in this place on a later one.

        A share is of that place, not of this one: Allerdale 1, Carlisle 1 and Copeland 1 make Cumberland.
        """
        sources = {place: WHOLE}
        for day in sorted((day for day in self._days if since < day <= until), reverse=True):
            before: dict[str, Fraction] = defaultdict(Fraction)
            for held, share in sources.items():
                for origin, weight in self._incoming(day, held).items():
                    before[origin] += share * weight
            sources = dict(before)
        return {origin: share for origin, share in sources.items() if self._was_there(origin, since)}

    def _outgoing(self, day: date, place: str) -> dict[str, Fraction]:
        steps = {step.to: step.weight for step in self._days[day] if step.place == place}
        return steps or {place: WHOLE}

    def _incoming(self, day: date, place: str) -> dict[str, Fraction]:
        steps = {step.place: step.weight for step in self._days[day] if step.to == place}
        gives = any(step.place == place for step in self._days[day])
        eve = day - timedelta(days=1)
        return steps if gives or (steps and not self._was_there(place, eve)) else steps | {place: WHOLE}

    def _was_there(self, place: str, day: date) -> bool:
        span = self._spans.get(place)
        return span is None or span.began_by(day)


@dataclass(frozen=True, slots=True)
class Carried:
    """A figure made of shares of others: counts that need not be whole numbers. `estimated`: a share is not the whole.

    `value` is the sum of published values (of flows and stocks alone); the others are those of an Amount.
    """

    value: Fraction | None
    numerator: Fraction | None
    denominator: Fraction | None
    n: Fraction | None
    sum_x: Fraction | None
    sum_x2: Fraction | None
    bound: Bound
    estimated: bool


class CannotCarry(ValueError):
    """No figure follows from these: the message says why, `code` in a word, and `places` which ones it is about."""

    def __init__(self, code: str, reason: str, places: Iterable[str]) -> None:
        super().__init__(reason)
        self.code = code
        self.places = sorted(places)


def carry(amounts: Mapping[str, Amount], sources: Mapping[str, Fraction], *, counts_add_up: bool) -> Carried:
    """The figure that the shares of others make together.

    `counts_add_up`: the values themselves do (flows and stocks); of ratios and means only the components do, and a
    published percentage without its counts cannot be carried. Raises CannotCarry (`missing`, `needs_counts`, `bounds`).
    """
    there = {place: amount for place, amount in amounts.items() if amount.status is FigureStatus.REPORTED}
    if missing := sources.keys() - there.keys():
        raise CannotCarry("missing", "there is no figure of a place that is a part of it", missing)
    parts = [(there[place], share) for place, share in sources.items()]
    if not counts_add_up and (bare := {place for place in sources if not _has_components(there[place])}):
        raise CannotCarry("needs_counts", "a published figure without its counts cannot be shared out", bare)
    return Carried(
        value=_sum((each.value, share) for each, share in parts) if counts_add_up else None,
        numerator=_sum((each.numerator, share) for each, share in parts),
        denominator=_sum((each.denominator, share) for each, share in parts),
        n=_sum((each.n, share) for each, share in parts),
        sum_x=_sum((each.sum_x, share) for each, share in parts),
        sum_x2=_sum((each.sum_x2, share) for each, share in parts),
        bound=_bound(there, sources),
        estimated=any(share != WHOLE for share in sources.values()),
    )


def _has_components(amount: Amount) -> bool:
    in_counts = amount.numerator is not None and amount.denominator is not None
    return in_counts or (amount.n is not None and amount.sum_x is not None)


def _sum(parts: Iterable[tuple[str | int | None, Fraction]]) -> Fraction | None:
    """None where any of them is not known: null is not zero."""
    total = Fraction()
    for value, share in parts:
        if value is None:
            return None
        total += Fraction(value) * share
    return total


def _bound(amounts: Mapping[str, Amount], sources: Mapping[str, Fraction]) -> Bound:
    bounds = {amounts[place].bound for place in sources} - {Bound.EXACTLY}
    if len(bounds) > 1:
        raise CannotCarry("bounds", "some are at least and others at most what was reported", sources)
    return next(iter(bounds), Bound.EXACTLY)
