"""The windows of the rate limit, which are kept no longer than they count."""

import pytest

from services.gateway.limits import WINDOW, Limits
from shared.errors import TooManyRequests


def test_windows_that_ended_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("services.gateway.limits.time.monotonic", lambda: now)
    limits = Limits(1)
    for caller in range(50):
        limits.take(str(caller))
    with pytest.raises(TooManyRequests):
        limits.take("0")
    now = WINDOW + 1.0
    limits.take("0")
    assert len(limits._windows) == 1
