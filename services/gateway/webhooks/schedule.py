"""When a failed delivery is tried again, and when nobody tries any more. Standard Webhooks' advice, as pure functions.

All instants and spans are microseconds.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from services.gateway.webhooks.models import DeliveryStatus
from shared.db.types import microseconds

SECOND = 1_000_000
DELAYS = tuple(seconds * SECOND for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
"""After the first failure, the second, and so on: ten attempts in some 75 hours."""
ATTEMPTS = len(DELAYS) + 1
JITTER = 0.2
LONGEST_RETRY_AFTER = int(timedelta(days=2).total_seconds()) * SECOND
DISABLED_AFTER = int(timedelta(days=5).total_seconds()) * SECOND
"""An endpoint that has only failed for so long, counted from the first failure, is disabled."""

Spread = Callable[[], float]
"""A number from 0 to 1, at random: `random.random`."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What becomes of a delivery after an attempt; `due_at` is when it is tried again, if it is."""

    status: DeliveryStatus
    due_at: int | None = None


_SUCCEEDED = Verdict("succeeded")


def verdict(
    status: int | None, retry_after: str | None, attempt: int, now: int, spread: Spread, *, in_order: bool = False
) -> Verdict:
    """Judge attempt number `attempt` (from 1), which ended `now` with an HTTP status, or with none.

    What is to stay `in_order` is never given up, for what follows it would overtake it: it is tried once a day.
    """
    if succeeded(status):
        return _SUCCEEDED
    if not in_order and (status == 410 or attempt >= ATTEMPTS):
        return Verdict("exhausted")
    delay = DELAYS[min(attempt, len(DELAYS)) - 1]
    wanted = asked_for(retry_after, now)
    if wanted is not None:
        return Verdict("pending", now + max(delay, min(wanted, LONGEST_RETRY_AFTER)))
    return Verdict("pending", now + int(delay * (1 - JITTER + 2 * JITTER * spread())))


def succeeded(status: int | None) -> bool:
    """Only 2xx is success; a redirect is a failure."""
    return status is not None and 200 <= status < 300


def worn_out(failing_since: int | None, now: int) -> bool:
    """Whether an endpoint has been failing for so long that it is disabled."""
    return failing_since is not None and now - failing_since >= DISABLED_AFTER


def asked_for(retry_after: str | None, now: int) -> int | None:
    """The span that Retry-After asks for, in seconds or as a date (RFC 9110); None where it says nothing sensible."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if text.isascii() and text.isdigit():
        return int(text[:12]) * SECOND
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return microseconds(moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - now
