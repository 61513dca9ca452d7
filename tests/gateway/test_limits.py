"""The limits: a minute's and a day's, the same for all replicas, told in the draft's headers."""

import re

import pytest

from services.gateway import limits as limits_
from services.gateway.limits import DAY, MINUTE, Allowance, Limits
from shared.errors import TooManyRequests
from tests.gateway.running import ON_ONE_DATABASE, Gateway

AT = 1_000 * DAY + 30.0
"""Half a minute after midnight."""


def left(limits: Limits, allowance: Allowance | None = None) -> str:
    """What is left after one more request."""
    return dict(limits.take("key_1", allowance))[b"ratelimit"].decode()


def test_a_window_is_a_minute_of_the_clock() -> None:
    now = AT
    limits = Limits(2, lambda: now)
    assert dict(limits.take("key_1"))[b"ratelimit-policy"] == b'"default";q=2;w=60'
    assert left(limits) == '"default";r=0;t=30'
    with pytest.raises(TooManyRequests) as refused:
        limits.take("key_1")
    assert refused.value.headers["retry-after"] == "30"
    limits.take("key_2")
    now += 30
    assert left(limits) == '"default";r=1;t=60'


def test_with_a_quota_the_longest_wait_wins_and_what_is_refused_counts_for_neither() -> None:
    now = AT
    limits = Limits(100, lambda: now)
    allowance = Allowance(per_minute=2, per_day=3)
    assert left(limits, allowance) == '"default";r=1;t=30, "daily";r=2;t=86370'
    limits.take("key_1", allowance)
    with pytest.raises(TooManyRequests) as refused:
        limits.take("key_1", allowance)
    assert refused.value.headers["retry-after"] == "30"
    now += 30
    assert left(limits, allowance).endswith('"daily";r=0;t=86340')
    with pytest.raises(TooManyRequests) as refused:
        limits.take("key_1", allowance)
    assert refused.value.headers["retry-after"] == str(DAY - 60)


def test_windows_that_ended_and_the_oldest_of_too_many_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    now = AT
    limits = Limits(1, lambda: now)
    for caller in range(50):
        limits.take(str(caller))
    now += MINUTE
    limits.take("0")
    assert len(limits._windows[MINUTE]) == 1
    monkeypatch.setattr(limits_, "_MOST", 100)
    for caller in range(1_000):
        limits.take(f"address {caller}")
    assert len(limits._windows[MINUTE]) == 100


async def test_replicas_count_together_and_a_days_count_outlasts_a_restart(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(gateway.parts.db), "changes", None)  # as where others write to it too
    one, other = Limits(10, lambda: AT), Limits(10, lambda: AT)
    allowance = Allowance(per_day=20)
    for limits in (one, other, one, other):
        for _ in range(2):
            limits.take("key_1", allowance)
        await limits.settle_now(gateway.parts)
    assert left(other, allowance) == '"default";r=1;t=30, "daily";r=11;t=86370'
    assert left(one, allowance).startswith('"default";r=3')  # it has not heard of the last three yet
    await one.settle_now(gateway.parts)
    assert left(one, allowance) == '"default";r=0;t=30, "daily";r=10;t=86370'
    started_anew = Limits(10, lambda: AT)
    started_anew.take("key_1", allowance)
    await started_anew.settle_now(gateway.parts)
    await one.settle_now(gateway.parts)
    with pytest.raises(TooManyRequests):
        started_anew.take("key_1", allowance)


@ON_ONE_DATABASE
async def test_a_key_has_its_own_limit_and_hands_on_no_higher_one(gateway: Gateway) -> None:
    key = await gateway.key("people:read", "keys:*", requests_per_minute=50, requests_per_day=70)
    answer = await key.get("/v1/people")
    assert answer.headers["ratelimit-policy"] == '"default";q=50;w=60, "daily";q=70;w=86400'
    assert re.match(r'"default";r=49;t=\d+, "daily";r=69;t=\d+', answer.headers["ratelimit"])
    made = await key.made("/v1/api-keys", {"name": "K", "scopes": ["people:read"], "requests_per_day": 10_000})
    assert (made["requests_per_minute"], made["requests_per_day"]) == (50, 70)
