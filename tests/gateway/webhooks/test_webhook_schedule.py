"""When a failed delivery is tried again: the pure rules."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.webhooks.schedule import DELAYS, SECOND, succeeded, verdict, worn_out

NOW = 1_780_000_000 * SECOND
DAY = 86_400 * SECOND


def middle() -> float:
    return 0.5


def test_the_whole_schedule_takes_seventy_five_hours_and_a_half() -> None:
    assert timedelta(microseconds=sum(DELAYS)) == timedelta(hours=75, minutes=35, seconds=5)


def test_after_the_tenth_failure_nobody_tries_any_more() -> None:
    due = [verdict(500, None, attempt, NOW, middle).due_at for attempt in range(1, 10)]

    assert due == [NOW + delay for delay in DELAYS]
    assert verdict(500, None, 10, NOW, middle).status == "exhausted"


@given(attempt=st.integers(1, 9), chance=st.floats(0, 1))
def test_jitter_stays_within_a_fifth(attempt: int, chance: float) -> None:
    due = verdict(500, None, attempt, NOW, lambda: chance).due_at

    assert due is not None
    assert 0.8 * DELAYS[attempt - 1] - 1 <= due - NOW <= 1.2 * DELAYS[attempt - 1] + 1


@pytest.mark.parametrize(
    ("status", "success"),
    [(200, True), (204, True), (299, True), (199, False), (301, False), (304, False), (500, False)],
)
def test_only_2xx_is_success(status: int, success: bool) -> None:
    assert succeeded(status) is success


def test_no_answer_is_no_success() -> None:
    assert not succeeded(None)


def test_gone_is_not_tried_again() -> None:
    assert verdict(410, None, 1, NOW, middle).status == "exhausted"


def test_what_is_to_stay_in_order_is_never_given_up_but_tried_every_day() -> None:
    gone, tenth, hundredth = (
        verdict(status, None, attempt, NOW, middle, in_order=True)
        for status, attempt in ((410, 1), (500, 10), (500, 100))
    )
    assert (gone.status, gone.due_at) == ("pending", NOW + DELAYS[0])
    assert tenth == hundredth
    assert (tenth.status, tenth.due_at) == ("pending", NOW + DAY)


@pytest.mark.parametrize(
    ("retry_after", "attempt", "delay"),
    [
        ("120", 1, 120 * SECOND),
        ("1", 1, 5 * SECOND),  # never sooner than the schedule says
        ("60", 2, 300 * SECOND),
        (str(10 * 86_400), 1, 2 * DAY),  # never later than in two days
        ("99999999999999999999999", 1, 2 * DAY),
        (format_datetime(datetime.fromtimestamp(NOW // SECOND + 90, UTC), usegmt=True), 1, 90 * SECOND),
        (format_datetime(datetime.fromtimestamp(NOW // SECOND - 90, UTC), usegmt=True), 1, 5 * SECOND),
        ("Mon, 99 Foo 2026 00:00:00 GMT", 1, 5 * SECOND),
        ("-5", 1, 5 * SECOND),
        ("soon", 1, 5 * SECOND),
        ("", 1, 5 * SECOND),
        ("٣", 1, 5 * SECOND),
    ],
)
def test_retry_after_is_obeyed_within_bounds(retry_after: str, attempt: int, delay: int) -> None:
    assert verdict(503, retry_after, attempt, NOW, middle).due_at == NOW + delay


def test_an_endpoint_is_worn_out_five_days_after_its_first_failure() -> None:
    assert not worn_out(None, NOW)
    assert not worn_out(NOW - 5 * DAY + 1, NOW)
    assert worn_out(NOW - 5 * DAY, NOW)
