"""Figures of one period held to rules: all that does not hold, in words, with the method where there is one. Pure.

A rule looks only at what says a number: where a figure is suppressed or not collected, there is nothing to hold to it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.measures.measures.models import RATIO_UNITS, Kind
from services.measures.observations.models import EVERYBODY, NONE, Amount, FigureStatus
from services.measures.validation.kinds import Between, Change, Outlier, Part, Required, Sum, Test
from services.measures.validation.models import ValidationRule
from services.measures.validation.outliers import Against, Yardstick, yardstick


class Subject(NamedTuple):
    """What a figure is about, but for its period."""

    place: str
    cell: str
    programme: str = NONE
    activity: str = NONE


class Found(NamedTuple):
    """Something that does not hold: of what, in words, and of an outlier how far and by which yardstick."""

    subject: Subject
    reason: str
    score: float | None = None
    by: Yardstick | None = None


class Finding(NamedTuple):
    """What a rule found."""

    rule: ValidationRule
    found: Found


@dataclass(frozen=True, slots=True)
class Period:
    """One reporter's figures of one period, those of the period before, and of each all earlier ones, oldest first."""

    kind: Kind
    unit: str
    now: Mapping[Subject, Amount]
    before: Mapping[Subject, Amount]
    earlier: Mapping[Subject, Sequence[Amount]]

    def number(self, amount: Amount | None, part: Part) -> float | None:
        """A number of a figure, None where it says none; its value in the measure's unit, out of its counts."""
        return None if amount is None else number_of(amount, part, self.kind, self.unit)

    def numbers(self, part: Part) -> Iterator[tuple[Subject, float]]:
        """That number of each figure that says it."""
        for subject, amount in self.now.items():
            number = self.number(amount, part)
            if number is not None:
                yield subject, number


def number_of(amount: Amount, part: Part, kind: Kind, unit: str) -> float | None:
    """A number of a figure; of what is published without counts, the value as it stands."""
    if amount.status is not FigureStatus.REPORTED:
        return None
    if part is not Part.VALUE:
        found = getattr(amount, part.value)
        return None if found is None else float(found)
    if kind is Kind.RATIO and amount.numerator is not None and amount.denominator:
        return amount.numerator * RATIO_UNITS[unit] / amount.denominator
    if kind is Kind.MEAN and amount.sum_x is not None and amount.n:
        return float(amount.sum_x) / amount.n
    return None if amount.value is None else float(amount.value)


def found_by(rule: Test, period: Period) -> Iterator[Found]:
    """All that does not hold."""
    match rule:
        case Between():
            yield from _between(rule, period)
        case Change():
            yield from _change(rule, period)
        case Sum():
            yield from _sum(rule, period)
        case Required():
            yield from _required(rule, period)
        case Outlier():
            yield from _outliers(rule, period)


def _between(rule: Between, period: Period) -> Iterator[Found]:
    for subject, number in period.numbers(rule.of):
        if rule.least is not None and number < rule.least:
            yield Found(subject, f"{rule.of} is below {rule.least:g}")
        elif rule.most is not None and number > rule.most:
            yield Found(subject, f"{rule.of} is above {rule.most:g}")


def _change(rule: Change, period: Period) -> Iterator[Found]:
    for subject, number in period.numbers(rule.of):
        last = period.number(period.before.get(subject), rule.of)
        if last and abs(number - last) / abs(last) * 100 > rule.most_percent:
            yield Found(subject, f"{rule.of} has changed by more than {rule.most_percent:g} % since the period before")


def _sum(rule: Sum, period: Period) -> Iterator[Found]:
    parts: defaultdict[Subject, list[float | None]] = defaultdict(list)
    for subject, amount in period.now.items():
        rest = [part for part in subject.cell.split(";") if not part.startswith(f"{rule.dimension}=")]
        whole = subject._replace(cell=";".join(rest) or EVERYBODY)
        if whole != subject:
            parts[whole].append(period.number(amount, rule.of))
    for whole, numbers in parts.items():
        total = period.number(period.now.get(whole), rule.of)
        said = [number for number in numbers if number is not None]
        if total is not None and len(said) == len(numbers) and abs(sum(said) - total) > rule.tolerance:
            yield Found(whole, f"{rule.of} is not the sum of its {rule.dimension} categories")


def _required(rule: Required, period: Period) -> Iterator[Found]:
    there = {(subject.place, subject.cell) for subject in period.now}
    for place in rule.places or sorted({place for place, _ in there}):
        for cell in rule.cells:
            if (place, cell) not in there:
                yield Found(Subject(place, cell), "is required and not there; if there is none, its status says why")


def _outliers(rule: Outlier, period: Period) -> Iterator[Found]:
    measured = _against_places(rule, period) if rule.against is Against.PLACES else _against_history(rule, period)
    for subject, number in period.numbers(rule.of):
        by = measured(subject)
        if by is not None and by.flags(number):
            reason = f"{rule.of} is far from {_OTHERS[rule.against]} ({rule.method}, threshold {rule.far:g})"
            yield Found(subject, reason, round(by.score(number), 3), by)


def _against_places(rule: Outlier, period: Period) -> Callable[[Subject], Yardstick | None]:
    alike: defaultdict[Subject, list[float]] = defaultdict(list)
    for subject, number in period.numbers(rule.of):
        alike[subject._replace(place="")].append(number)
    measured = {subject: yardstick(numbers, rule.method, rule.far) for subject, numbers in alike.items()}
    return lambda subject: measured.get(subject._replace(place=""))


def _against_history(rule: Outlier, period: Period) -> Callable[[Subject], Yardstick | None]:
    def measured(subject: Subject) -> Yardstick | None:
        earlier = (period.number(amount, rule.of) for amount in period.earlier.get(subject, ()))
        return yardstick([number for number in earlier if number is not None], rule.method, rule.far)

    return measured


_OTHERS = {Against.PLACES: "those of other places", Against.HISTORY: "those of earlier periods"}
