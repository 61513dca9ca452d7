"""Means, their quantiles and paired change against scipy and statsmodels, from nothing but sums."""

from decimal import Decimal
from fractions import Fraction
from math import inf

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as their_mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import DescrStatsW

from shared.statistics import Sums, WeightedSums, holm, mcnemar, paired_t, welch
from shared.statistics.distributions import student_t_both_tails, student_t_quantile
from tests.plugins.parts import scale


def sums_of(answers: list[int]) -> Sums:
    return Sums.of(len(answers), sum(answers), sum(x * x for x in answers))


def test_students_quantiles_and_tails_are_scipys() -> None:
    for freedom in (0.7, 1, 2, 3, 4.5, 9, 29, 100, 999.5, 20_000):
        for chance in (0.5, 0.6, 0.9, 0.975, 0.995, 0.9999):
            assert student_t_quantile(chance, freedom) == pytest.approx(
                stats.t.ppf(chance, freedom), rel=1e-9, abs=1e-9
            )
        for t in (0.0, 0.1, 1, 2.7, -12):
            assert student_t_both_tails(t, freedom) == pytest.approx(2 * stats.t.sf(abs(t), freedom), rel=1e-9)
    with pytest.raises(ValueError, match="quantile"):
        student_t_quantile(0.4, 3)


def test_hundreds_of_means_are_those_of_scipy() -> None:
    chance = np.random.default_rng(22)
    for _ in range(scale(400)):
        answers = [int(x) for x in chance.integers(0, 11, chance.integers(3, 60))]
        if len(set(answers)) == 1:
            continue
        found = sums_of(answers)
        theirs = stats.t.interval(0.95, len(answers) - 1, np.mean(answers), stats.sem(answers))
        interval = found.interval()
        assert interval is not None
        assert found.mean == pytest.approx(np.mean(answers))
        assert found.variance == pytest.approx(np.var(answers, ddof=1))
        assert (interval.low, interval.high) == pytest.approx(theirs, rel=1e-9)


def test_sums_of_parts_are_exactly_those_of_the_whole() -> None:
    first, second = [7, 8, 8, 10], [0, 3, 9]
    assert sums_of(first) + sums_of(second) == sums_of(first + second)
    # 10^9 and one more: in floats the variance would be lost, or below 0.
    assert Sums.of(2, Decimal(2000000001), Decimal(10**18 + (10**9 + 1) ** 2)).variance == 0.5


def test_too_few_answers_have_no_mean_or_no_interval() -> None:
    assert Sums.of(0, 0, 0).mean is None
    assert (Sums.of(1, 7, 49).mean, Sums.of(1, 7, 49).interval()) == (7.0, None)


@pytest.mark.parametrize(("n", "sum_x", "sum_x2"), [(-1, 0, 0), (2, 10, 49), (0, 1, 1), (0, 0, 1), (3, 0, -1)])
def test_sums_that_no_answers_have_are_refused(n: int, sum_x: int, sum_x2: int) -> None:
    with pytest.raises(ValueError, match="no n answers"):
        Sums.of(n, sum_x, sum_x2)


def test_weighted_answers_count_for_fewer() -> None:
    chance = np.random.default_rng(23)
    x = chance.integers(0, 11, 50)
    w = chance.integers(1, 5, 50)
    found = WeightedSums(*(Fraction(int(part)) for part in (w.sum(), (w * w).sum(), (w * x).sum(), (w * x * x).sum())))
    assert found.effective == pytest.approx(w.sum() ** 2 / (w**2).sum())
    assert found.mean == pytest.approx(np.average(x, weights=w))
    theirs = DescrStatsW(x, weights=w * found.effective / w.sum(), ddof=1).tconfint_mean()
    interval = found.interval()
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx(theirs, rel=1e-9)


def test_weights_that_are_all_one_change_nothing() -> None:
    plain = sums_of([3, 4, 8])
    weighted = WeightedSums(Fraction(3), Fraction(3), plain.sum_x, plain.sum_x2)
    assert weighted.effective == 3
    assert weighted.interval() == plain.interval()
    nobody = WeightedSums(*[Fraction(0)] * 4)
    assert (nobody.effective, nobody.mean, nobody.interval()) == (0, None, None)


def test_hundreds_of_paired_changes_are_those_of_scipy() -> None:
    chance = np.random.default_rng(24)
    for _ in range(scale(300)):
        before, after = chance.integers(0, 11, (2, chance.integers(3, 40)))
        changes = [int(d) for d in after - before]
        if len(set(changes)) == 1:
            continue
        theirs = stats.ttest_rel(after, before)
        found = paired_t(sums_of(changes))
        assert (found.t, found.freedom, found.p) == pytest.approx(
            (theirs.statistic, theirs.df, theirs.pvalue), rel=1e-8
        )
        their_interval = theirs.confidence_interval()
        assert (found.interval.low, found.interval.high) == pytest.approx(
            (their_interval.low, their_interval.high), rel=1e-8
        )


def test_hundreds_of_differences_of_means_are_those_of_scipy() -> None:
    chance = np.random.default_rng(29)
    for _ in range(scale(200)):
        one, other = ([int(x) for x in chance.integers(0, 11, chance.integers(3, 40))] for _ in range(2))
        if len({*one}) == 1 or len({*other}) == 1:
            continue
        theirs = stats.ttest_ind(one, other, equal_var=False).confidence_interval()
        found = welch(sums_of(one), sums_of(other))
        assert found.value == pytest.approx(np.mean(one) - np.mean(other))
        assert (found.interval.low, found.interval.high) == pytest.approx((theirs.low, theirs.high), rel=1e-8)
    even = welch(sums_of([3, 3]), sums_of([1, 1]))
    assert (even.value, even.interval.low, even.interval.high) == (2.0, 2.0, 2.0)
    with pytest.raises(ValueError, match="two answers"):
        welch(sums_of([3]), sums_of([1, 2]))


def test_a_change_that_is_everybodys_is_certain_and_none_is_none() -> None:
    assert (paired_t(sums_of([1, 1, 1])).t, paired_t(sums_of([1, 1, 1])).p) == (inf, 0.0)
    assert (paired_t(sums_of([0, 0])).t, paired_t(sums_of([0, 0])).p) == (0.0, 1.0)
    with pytest.raises(ValueError, match="two pairs"):
        paired_t(sums_of([4]))


def test_mcnemars_exact_test_is_that_of_statsmodels_and_mid_p_that_of_the_paper() -> None:
    for gained in range(0, 40, 3):
        for lost in range(0, 40, 3):
            found = mcnemar(gained, lost, 100)
            theirs = their_mcnemar([[30, gained], [lost, 30]], exact=True).pvalue if gained + lost else 1.0
            assert found.exact_p == pytest.approx(theirs, rel=1e-9)
            fewer, n = min(gained, lost), gained + lost
            mid = found.exact_p - stats.binom.pmf(fewer, n, 0.5) if gained != lost else 1.0
            assert found.mid_p == pytest.approx(mid, rel=1e-9)
            assert found.difference == (gained - lost) / 100
    # Fagerland and others 2013, table 1: 1 and 7 changed of 21, exact 0.070, mid-p 0.039.
    assert (round(mcnemar(1, 7, 21).exact_p, 3), round(mcnemar(1, 7, 21).mid_p, 3)) == (0.070, 0.039)
    with pytest.raises(ValueError, match="pairs"):
        mcnemar(3, 4, 6)


def test_holms_adjustment_is_that_of_statsmodels() -> None:
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([]) == []
    chance = np.random.default_rng(25)
    for size in (1, 2, 7, 60):
        p_values = chance.random(size) ** 3
        assert holm(p_values.tolist()) == pytest.approx(multipletests(p_values, method="holm")[1].tolist())
