"""How reporting periods follow and fill one another."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.measures.nesting import DoesNotNest, between, containing, following, nests, parts
from services.measures.periods import Period, PeriodType

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))
TYPES = st.sampled_from(PeriodType)


@given(day=DAYS, period_type=TYPES)
def test_a_day_lies_in_one_period_and_the_next_begins_the_day_after(day: date, period_type: PeriodType) -> None:
    period = containing(day, period_type)
    assert period.start <= day <= period.end
    after = following(period, period_type)
    assert after.start == period.end + timedelta(days=1)
    assert list(between(period.start, after.end, period_type)) == [period, after]


@given(day=DAYS, finer=TYPES, coarser=TYPES)
def test_periods_that_nest_fill_one_another_without_a_gap(day: date, finer: PeriodType, coarser: PeriodType) -> None:
    whole = containing(day, coarser)
    if not nests(finer, coarser):
        with pytest.raises(DoesNotNest):
            parts(whole, finer)
        return
    filling = parts(whole, finer)
    assert (filling[0].start, filling[-1].end) == (whole.start, whole.end)
    assert all(one.end + timedelta(days=1) == another.start for one, another in pairwise(filling))


def test_quarters_and_months_fill_a_financial_year_and_only_months_an_academic_one() -> None:
    year = containing(date(2024, 6, 1), PeriodType.FINANCIAL_YEAR)
    assert [each.text for each in parts(year, PeriodType.QUARTER)] == ["2024-Q2", "2024-Q3", "2024-Q4", "2025-Q1"]
    assert len(parts(year, PeriodType.MONTH)) == 12
    assert nests(PeriodType.MONTH, PeriodType.ACADEMIC_YEAR)
    assert not nests(PeriodType.QUARTER, PeriodType.ACADEMIC_YEAR)
    assert not nests(PeriodType.CALENDAR_YEAR, PeriodType.FINANCIAL_YEAR)


def test_a_survey_year_from_the_middle_of_november_is_filled_by_days_alone() -> None:
    assert containing(date(2016, 11, 15), PeriodType.SURVEY_YEAR).text == "2015/16"
    assert containing(date(2016, 11, 16), PeriodType.SURVEY_YEAR).text == "2016/17"
    assert [each for each in PeriodType if nests(each, PeriodType.SURVEY_YEAR)] == [
        PeriodType.SURVEY_YEAR,
        PeriodType.DAY,
    ]
    assert nests(PeriodType.QUARTER, PeriodType.SURVEY_YEAR, year_starts="10-01")


def test_only_whole_periods_lie_between_two_days() -> None:
    found = between(date(2024, 1, 2), date(2024, 4, 29), PeriodType.MONTH)
    assert [each.text for each in found] == ["2024-02", "2024-03"]
    assert list(between(date(2024, 1, 2), date(2024, 1, 2), PeriodType.MONTH)) == []
    assert list(between(date(2999, 12, 31), date.max, PeriodType.DAY)) == [
        Period(date(2999, 12, 31), date(2999, 12, 31), "2999-12-31")
    ]
