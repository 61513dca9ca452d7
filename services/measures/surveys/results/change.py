"""Change between two waves, by people's own codes: paired tests, or the plain words that there are too few. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from services.measures.surveys.asking.questionnaire import Questionnaire
from services.measures.surveys.results.tally import Read
from shared.statistics.change import holm, mcnemar, paired_t
from shared.statistics.interval import LEVEL, Interval
from shared.statistics.means import Sums


class Verdict(StrEnum):
    """What can be said of a change."""

    TOO_FEW = "too_few_to_show_change"
    CHANGED = "changed"
    NOT_SHOWN = "no_change_shown"


@dataclass(frozen=True, slots=True)
class Test:
    """One test of a change. ``difference`` is later less earlier: of a mean, or of the share who are in ``category``.

    ``p`` is of this test alone, ``holm_p`` adjusted for all of them; the verdict goes by that.
    """

    subject: str
    category: str | None
    pairs: int
    verdict: Verdict
    method: str | None = None
    difference: float | None = None
    interval: Interval | None = None
    p: float | None = None
    holm_p: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the people who answered in both waves. ``ambiguous`` codes were given more than once in a wave and
    are left out; ``unpaired`` people answered in one of the two alone, or without a code."""

    pairs: int
    ambiguous: int
    unpaired: int
    tests: Sequence[Test]


Coded = Iterable[tuple[str | None, Read]]
"""The code of each person in a wave (hashed; None: none), and what their answers come to."""


def change(asked: Questionnaire, earlier: Coded, later: Coded, base: int) -> Change:
    """Every outcome and question, tested on the people who answered both times, where they are at least `base`."""
    before, after = _by_code(earlier), _by_code(later)
    ambiguous = {code for wave in (before, after) for code, reads in wave.items() if code and len(reads) > 1}
    codes = sorted((before.keys() & after.keys()) - ambiguous - {""})
    pairs = [(before[code][0], after[code][0]) for code in codes]
    people = sum(len(reads) for wave in (before, after) for reads in wave.values())
    left_out = sum(len(wave.get(code, ())) for wave in (before, after) for code in ambiguous)
    return Change(
        len(pairs), len(ambiguous), people - left_out - 2 * len(pairs), _judged(list(_tests(asked, pairs, base)))
    )


def _by_code(coded: Coded) -> Mapping[str, list[Read]]:
    found: defaultdict[str, list[Read]] = defaultdict(list)
    for code, read in coded:
        found[code or ""].append(read)
    return found


def _tests(asked: Questionnaire, pairs: Sequence[tuple[Read, Read]], base: int) -> Iterable[Test]:
    for key in asked.subjects:
        least = max(base, asked.least_pairs(key))
        if asked.has_mean(key):
            yield _of_mean(key, pairs, least)
        else:
            yield from _of_shares(key, asked.categories(key), pairs, least)


def _of_mean(key: str, pairs: Sequence[tuple[Read, Read]], base: int) -> Test:
    differences = [
        after[0] - before[0]
        for one, other in pairs
        if (before := one[key]) and (after := other[key]) and before[0] is not None and after[0] is not None
    ]
    if len(differences) < max(base, 2):
        return Test(key, None, len(differences), Verdict.TOO_FEW)
    sums = Sums.of(len(differences), sum(differences, Decimal(0)), sum((d * d for d in differences), Decimal(0)))
    found = paired_t(sums)
    return Test(
        key, None, sums.n, Verdict.NOT_SHOWN, "Student's paired t-test", found.difference, found.interval, found.p
    )


def _of_shares(key: str, categories: Iterable[str], pairs: Sequence[tuple[Read, Read]], base: int) -> Iterable[Test]:
    both = [(before[1], after[1]) for one, other in pairs if (before := one[key]) and (after := other[key])]
    for category in categories:
        if len(both) < max(base, 1):
            yield Test(key, category, len(both), Verdict.TOO_FEW)
            continue
        gained = sum(category not in before and category in after for before, after in both)
        lost = sum(category in before and category not in after for before, after in both)
        found = mcnemar(gained, lost, len(both))
        yield Test(
            key, category, len(both), Verdict.NOT_SHOWN, "McNemar's exact test", found.difference, None, found.exact_p
        )


def _judged(tests: Sequence[Test]) -> list[Test]:
    """The tests, each with its p-value adjusted for their number, and what may be said by it."""
    adjusted = iter(holm([test.p for test in tests if test.p is not None]))
    return [test if test.p is None else _judge(test, next(adjusted)) for test in tests]


def _judge(test: Test, holm_p: float) -> Test:
    changed = holm_p < 1 - LEVEL
    return replace(test, holm_p=holm_p, verdict=Verdict.CHANGED if changed else Verdict.NOT_SHOWN)
