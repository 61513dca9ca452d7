"""Reporting periods: what is read, what is refused and why, and their order."""

from datetime import date

import pytest

from services.measures.periods import NotAPeriod, Period, PeriodType, parse, starts_a_year

READ = [
    ("2024", "calendar_year", date(2024, 1, 1), date(2024, 12, 31)),
    ("2024/25", "financial_year", date(2024, 4, 1), date(2025, 3, 31)),
    ("2024/25", "academic_year", date(2024, 9, 1), date(2025, 8, 31)),
    ("2015/16", "survey_year", date(2015, 11, 16), date(2016, 11, 15)),
    ("1999/00", "survey_year", date(1999, 11, 16), date(2000, 11, 15)),
    ("2024-Q1", "quarter", date(2024, 1, 1), date(2024, 3, 31)),
    ("2024-Q4", "quarter", date(2024, 10, 1), date(2024, 12, 31)),
    ("2024-02", "month", date(2024, 2, 1), date(2024, 2, 29)),
    ("2023-12", "month", date(2023, 12, 1), date(2023, 12, 31)),
    ("2024-03-09", "day", date(2024, 3, 9), date(2024, 3, 9)),
]


@pytest.mark.parametrize(("text", "period_type", "start", "end"), READ)
def test_a_period_covers_whole_days(text: str, period_type: str, start: date, end: date) -> None:
    assert parse(text, PeriodType(period_type)) == Period(start, end, text)


@pytest.mark.parametrize(
    ("text", "period_type"),
    [
        ("", "calendar_year"), ("24", "calendar_year"), ("20244", "calendar_year"), ("２０２４", "calendar_year"),
        ("2015/17", "survey_year"), ("2015/15", "survey_year"), ("2015-16", "survey_year"),
        ("2015/2016", "survey_year"),
        ("2024-Q5", "quarter"), ("2024Q1", "quarter"), ("2024-13", "month"), ("2024-00", "month"),
        ("2023-02-29", "day"), ("2024-3-9", "day"), ("20240309", "day"),
    ],
)  # fmt: skip
def test_what_is_written_otherwise_is_no_period(text: str, period_type: str) -> None:
    with pytest.raises(NotAPeriod, match="is written like"):
        parse(text, PeriodType(period_type))


def test_a_period_of_another_type_is_told_apart_from_nonsense() -> None:
    with pytest.raises(NotAPeriod, match="is a calendar_year; this version has another period type"):
        parse("2015", PeriodType.SURVEY_YEAR)
    with pytest.raises(NotAPeriod, match="is not a period: a survey_year is written like 2015/16"):
        parse("last year", PeriodType.SURVEY_YEAR)


def test_a_fault_never_repeats_what_was_sent() -> None:
    with pytest.raises(NotAPeriod) as caught:
        parse("Ann Other, 3 High Street", PeriodType.DAY)
    assert "Ann" not in str(caught.value)


def test_a_survey_year_starts_when_its_version_says() -> None:
    assert parse("2015/16", PeriodType.SURVEY_YEAR, "05-01").start == date(2015, 5, 1)
    assert parse("2015/16", PeriodType.FINANCIAL_YEAR, "05-01").start == date(2015, 4, 1)


@pytest.mark.parametrize(("text", "allowed"), [("11-16", True), ("02-29", False), ("13-01", False), ("1-1", False)])
def test_a_year_starts_on_a_day_that_every_year_has(text: str, *, allowed: bool) -> None:
    assert starts_a_year(text) is allowed


def test_periods_sort_by_time_and_not_by_text() -> None:
    years = [parse(text, PeriodType.SURVEY_YEAR) for text in ("2000/01", "1998/99", "1999/00")]
    assert [year.text for year in sorted(years)] == ["1998/99", "1999/00", "2000/01"]
