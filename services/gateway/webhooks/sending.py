"""One attempt: the body made from the feed row, signed, sent through the guarded dialler, and what came of it."""

import time
from collections.abc import Sequence

import msgspec

from services.gateway.feed.cloudevents import CONTENT_TYPE
from services.gateway.webhooks.enriching import Record
from services.gateway.webhooks.payload import body_of
from services.gateway.webhooks.queue import Destination, Leased
from services.gateway.webhooks.signing import Key, sign, signing
from shared import clock
from shared.dialler import DialFailed, Dialler
from shared.expressions import CannotEvaluate

TIMEOUT_SECONDS = 15
ANSWER_KEPT = 16 * 1024
_AGENT = "Backbone-Webhooks/1"


class Outcome(msgspec.Struct, frozen=True, gc=False):
    """How an attempt at a delivery went: an HTTP status, or an error that begins with a stable word.

    `at` is when it began, in microseconds since 1970; `address` is the one that was dialled.
    """

    delivery: Leased
    at: int
    duration_ms: int
    status: int | None = None
    error: str | None = None
    answer: bytes = b""
    address: str | None = None
    retry_after: str | None = None


async def attempt(
    dialler: Dialler, to: Destination, keys: Sequence[Key], delivery: Leased, record: Record | None = None
) -> Outcome:
    """Send a delivery once. Whatever happens is an outcome; nothing is raised."""
    at = clock.milliseconds() * 1000
    if not keys:
        return Outcome(delivery, at, 0, error="secret_unreadable: the endpoint needs a new secret")
    try:
        body = body_of(delivery.item, delivery.previous, to, record)
    except CannotEvaluate as error:
        return Outcome(delivery, at, 0, error=f"mapping_failed: {error}")
    seconds = at // 1_000_000
    headers = {
        "content-type": CONTENT_TYPE,
        "user-agent": _AGENT,
        "webhook-id": delivery.id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": sign(signing(keys, at), delivery.id, seconds, body),
    }
    if delivery.item.traceparent is not None:
        headers["traceparent"] = delivery.item.traceparent
    began = time.perf_counter()
    try:
        answer = await dialler.request(
            "POST", to.url, headers=headers, body=body, seconds=TIMEOUT_SECONDS, most=ANSWER_KEPT
        )
    except DialFailed as failure:
        return Outcome(delivery, at, clock.took(began), error=failure.reason, address=failure.address)
    return Outcome(
        delivery,
        at,
        clock.took(began),
        status=answer.status,
        answer=answer.body if record is None else b"",  # it could say again what it was told
        address=answer.address,
        retry_after=answer.retry_after,
    )
