"""How one figure reads: by its kind, with the interval that its components give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.measures.measures.models import RATIO_UNITS, Kind
from services.measures.observations.models import Amount, Bound, FigureStatus
from services.measures.series.points import Method, NoInterval, read, read_all


def reported(
    value: str | None = None, n: int | None = None, sums: tuple[str, str] | None = None, bound: Bound = Bound.EXACTLY
) -> Amount:
    sum_x, sum_x2 = sums or (None, None)
    return Amount(FigureStatus.REPORTED, value, None, None, n, sum_x, sum_x2, bound)


def test_a_mean_has_students_interval_and_two_answers_at_least() -> None:
    found = read(reported(n=4, sums=("28", "206")), Kind.MEAN, "points")
    assert found.interval is not None
    assert (found.value, found.interval.method) == (7.0, Method.STUDENT_T)
    assert (found.interval.low, found.interval.high) == pytest.approx((4.094837, 9.905163))
    assert read(reported(n=1, sums=("7", "49")), Kind.MEAN, "points").no_interval is NoInterval.TOO_FEW
    assert read(reported("7.1", n=400), Kind.MEAN, "points").no_interval is NoInterval.NO_COUNTS


def test_a_count_of_events_has_poissons_interval_and_hours_have_none() -> None:
    few, many = (read(reported(value), Kind.FLOW, "visits") for value in ("5", "100"))
    assert few.interval is not None
    assert many.interval is not None
    assert (few.interval.method, few.interval.low, few.interval.high) == (Method.EXACT_POISSON, 1.623486, 11.668332)
    assert many.interval.method is Method.BYAR
    assert read(reported("100"), Kind.FLOW, "hours").no_interval is NoInterval.NOT_A_RATIO
    assert read(reported("100"), Kind.STOCK, "people").no_interval is NoInterval.NOT_A_RATIO
    assert read(reported("99.5"), Kind.FLOW, "visits").no_interval is NoInterval.NOT_A_RATIO


def test_a_bound_has_a_value_and_no_interval() -> None:
    found = read(reported("30", bound=Bound.AT_LEAST), Kind.FLOW, "people")
    assert (found.value, found.interval, found.no_interval) == (30.0, None, NoInterval.BOUNDED)


_WHOLES = st.integers(0, 10**6) | st.integers(10**9, 10**12) | st.integers(2**53, 2**62)
_SHARES = st.tuples(_WHOLES, _WHOLES).map(lambda two: (min(two), max(two)))
_AMOUNTS = st.builds(
    lambda status, value, counts, bound: Amount(status, value, counts[0], counts[1], None, bound=bound),
    st.sampled_from(FigureStatus),
    st.sampled_from([None, None, None, "12.5", "0"]),
    _SHARES | st.just((None, None)) | st.just((0, 0)),
    st.sampled_from(Bound),
)
_COUNTED = st.builds(lambda counts: Amount(FigureStatus.REPORTED, None, counts[0], counts[1], None), _SHARES)


@given(st.lists(_COUNTED | _AMOUNTS, min_size=30, max_size=60), st.sampled_from(Kind), st.sampled_from([*RATIO_UNITS]))
def test_many_figures_read_as_each_of_them_does(amounts: list[Amount], kind: Kind, unit: str) -> None:
    assert read_all(amounts, kind, unit) == [read(each, kind, unit) for each in amounts]
