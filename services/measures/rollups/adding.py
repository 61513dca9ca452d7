"""Amounts that become one: added, reckoned again from their components, or refused with the reason. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from services.measures.measures.models import Kind
from services.measures.measures.rollups import Over, RollUp
from services.measures.observations.amounts import plain
from services.measures.observations.models import Amount, Bound, FigureStatus
from shared.errors import Conflict
from shared.statistics import Bounds, unique_bounds


class RollUpRefused(Conflict):
    """These figures do not become one. `reason` in the problem is a stable word for why."""

    code, title = "roll_up_refused", "The figures do not roll up"

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail, reason=reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Rule:
    """What a version says of rolling its figures up."""

    kind: Kind
    rule: RollUp
    distinct: bool


@dataclass(frozen=True, slots=True)
class Rolled:
    """What several amounts come to: one amount, or bounds of how many different people there are, never both."""

    amount: Amount | None
    unique: Bounds | None


def components(rule: Rule) -> tuple[str, ...]:
    """The parts of an amount that :func:`roll_up` looks at, besides its status and bound."""
    if rule.rule is RollUp.SUM:
        return "value", "n"
    return ("numerator", "denominator", "n") if rule.kind is Kind.RATIO else ("n", "sum_x", "sum_x2")


def roll_up(amounts: Sequence[Amount], over: Over, rule: Rule) -> Rolled:
    """One amount of those that have a figure, which are all or, where some are missing, as many as there are.

    A sum of counts of which some are missing is a bound: there were at least so many. Counts of people of whom the same
    one may be in two figures, for which no sum is declared, are bounded: max(a, b) ≤ unique ≤ a + b. Raises
    RollUpRefused for what the version does not allow, what has no components, and bounds that lead nowhere.
    """
    there = [amount for amount in amounts if amount.status is FigureStatus.REPORTED]
    if rule.rule is RollUp.NONE:
        if rule.distinct and rule.kind in (Kind.FLOW, Kind.STOCK):
            return Rolled(None, _unique(there, missing=len(there) < len(amounts)))
        raise RollUpRefused("not_declared", _not_declared(over, rule.kind))
    if not there:
        return Rolled(_nothing(amounts), None)
    if rule.rule is RollUp.SUM:
        return Rolled(_sum(there, missing=len(there) < len(amounts)), None)
    if any(amount.bound is not Bound.EXACTLY for amount in there):
        raise RollUpRefused("bounded", "a figure that is only a bound has no components to reckon with")
    return Rolled(_ratio(there) if rule.kind is Kind.RATIO else _mean(there), None)


def _sum(amounts: Sequence[Amount], missing: bool) -> Amount:
    value = sum((Decimal(amount.value or 0) for amount in amounts), Decimal(0))
    n = _total(amount.n for amount in amounts)
    bound = _bound((amount.bound for amount in amounts), missing)
    return Amount(FigureStatus.REPORTED, plain(format(value, "f")), None, None, n, bound=bound)


def _ratio(amounts: Sequence[Amount]) -> Amount:
    numerator = _total(amount.numerator for amount in amounts)
    denominator = _total(amount.denominator for amount in amounts)
    if numerator is None or denominator is None:
        raise RollUpRefused(
            "no_counts",
            "some of these rates were published without their counts, and a mean of rates is no rate: read the figure "
            "of the whole where there is one",
        )
    n = _total(amount.n for amount in amounts)
    return Amount(FigureStatus.REPORTED, None, numerator, denominator, n)


def _mean(amounts: Sequence[Amount]) -> Amount:
    n = _total(amount.n for amount in amounts)
    sums = [[getattr(amount, part) for amount in amounts] for part in ("sum_x", "sum_x2")]
    if n is None or any(part is None for parts in sums for part in parts):
        raise RollUpRefused("no_counts", "some of these means were published without n, Σx and Σx²")
    sum_x, sum_x2 = (plain(format(sum(map(Decimal, parts), Decimal(0)), "f")) for parts in sums)
    return Amount(FigureStatus.REPORTED, None, None, None, n, sum_x, sum_x2)


def _unique(amounts: Sequence[Amount], missing: bool) -> Bounds:
    bounds = []
    for amount in amounts:
        value = int(Decimal(amount.value or 0))
        low = 0 if amount.bound is Bound.AT_MOST else value
        bounds.append(Bounds(low, None if amount.bound is Bound.AT_LEAST else value))
    if missing:
        bounds.append(Bounds(0, None))
    return unique_bounds(bounds)


def _bound(bounds: Iterable[Bound], missing: bool) -> Bound:
    kinds = set(bounds) - {Bound.EXACTLY}
    if missing:
        kinds.add(Bound.AT_LEAST)
    if len(kinds) > 1:
        raise RollUpRefused("contrary_bounds", "at least so many and at most so many come to nothing that is known")
    return next(iter(kinds), Bound.EXACTLY)


def _total(counts: Iterable[int | None]) -> int | None:
    """Their sum; None where one is missing."""
    total = 0
    for count in counts:
        if count is None:
            return None
        total += count
    return total


def _nothing(amounts: Sequence[Amount]) -> Amount:
    """No figure: for the one reason that all have, or as not collected where they have several or there are none."""
    statuses = {amount.status for amount in amounts}
    status = statuses.pop() if len(statuses) == 1 else FigureStatus.NOT_COLLECTED
    return Amount(status, None, None, None, None)


def _not_declared(over: Over, kind: Kind) -> str:
    why = {Kind.RATIO: ": a mean of rates is no rate", Kind.MEAN: ": a mean of means is no mean"}.get(kind, "")
    return f"the version does not declare how its figures roll up over {over}{why}"
