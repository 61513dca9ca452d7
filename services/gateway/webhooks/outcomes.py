"""Recording how attempts went: their log, what becomes of the deliveries, and how the endpoints fare. All in one go."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.webhooks import chains
from services.gateway.webhooks.models import Attempt, Delivery, Endpoint
from services.gateway.webhooks.schedule import ATTEMPTS, Spread, Verdict, succeeded, verdict, worn_out
from services.gateway.webhooks.sending import Outcome
from shared import clock, outbox
from shared.db.hot import Value, hot
from shared.db.lists import among, json_list
from shared.db.types import from_microseconds, microseconds
from shared.events.gateway import WebhookEndpointDisabled, WebhookEndpointHeldUp
from shared.secrets import Secrets

GONE, FAILING = "gone", "failing"
_LONGEST_ERROR = 500

_log = hot(
    sa.insert(Attempt).inline().values({c.name: sa.bindparam(c.name) for c in Attempt.__table__.c if c.name != "id"})
)
_theirs = (Delivery.movement == sa.bindparam("of")) & (Delivery.endpoint == sa.bindparam("to"))
_succeed = hot(
    sa.update(Delivery)
    .where(_theirs, among(Delivery.id, "ids"))
    .values(status="succeeded", worker=None, attempts=Delivery.attempts + 1)
)
_fail = hot(
    sa.update(Delivery)
    # Only while the lease is ours: whoever took it over decides, and a success is never undone.
    .where(_theirs, Delivery.id == sa.bindparam("one"))
    .where(Delivery.worker == sa.bindparam("me"), Delivery.status == "pending")
    .values(
        status=sa.bindparam("then"), due_at=sa.bindparam("due"), worker=None, attempts=Delivery.attempts + 1
    )
)  # fmt: skip
_failing = hot(
    sa.select(Endpoint.id)
    .where(Endpoint.movement == sa.bindparam("of"), among(Endpoint.id, "ids"))
    .where(Endpoint.failing_since.is_not(None))
)
_well_again = hot(
    sa.update(Endpoint)
    .where(Endpoint.movement == sa.bindparam("of"), Endpoint.id == sa.bindparam("to"))
    .where(sa.or_(Endpoint.failing_since.is_not(None), Endpoint.probed))
    .values(failing_since=None, rests_until=None, probed=False)
)


@dataclass(frozen=True, slots=True)
class Recorder:
    """What recording needs beside the outcomes: who holds the leases, chance for the schedule, keys for the answers."""

    worker: str
    spread: Spread
    secrets: Secrets


def record(session: orm.Session, movement: str, outcomes: Sequence[Outcome], recorder: Recorder) -> Collection[str]:
    """Record outcomes of one movement, in the order in which they came about.

    Answers the endpoints at which something waited behind what is settled now: it can be sent.
    """
    now = microseconds(clock.now())
    judged = [(outcome, _judge(outcome, now, recorder.spread)) for outcome in outcomes]
    _log.many(session, [_logged(movement, outcome, recorder.secrets) for outcome in outcomes])
    _hold_chains(session, movement, outcomes)
    _settle(session, movement, judged, recorder.worker)
    _tell_who_is_held_up(session, judged)
    freed = _let_go(session, movement, judged, now)
    by_endpoint: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        by_endpoint.setdefault(outcome.delivery.endpoint, []).append(outcome)
    failing = {str(endpoint) for (endpoint,) in _failing.rows(session, {"of": movement, "ids": json_list(by_endpoint)})}
    for endpoint in sorted(by_endpoint):
        _note_health(session, movement, endpoint, by_endpoint[endpoint], now, failing=endpoint in failing)
    return freed


def _judge(outcome: Outcome, now: int, spread: Spread) -> Verdict:
    delivery = outcome.delivery
    in_order = delivery.chain is not None
    return verdict(outcome.status, outcome.retry_after, delivery.attempts + 1, now, spread, in_order=in_order)


def answer_place(movement: str, delivery: str) -> bytes:
    """What a stored answer is sealed for."""
    return f"webhook_attempt/{movement}/{delivery}".encode()


def _logged(movement: str, outcome: Outcome, secrets: Secrets) -> Mapping[str, Value]:
    delivery = outcome.delivery.id
    answer = secrets.seal(outcome.answer, bound_to=answer_place(movement, delivery)) if outcome.answer else None
    return {
        "movement": movement, "delivery": delivery, "at": outcome.at, "duration_ms": outcome.duration_ms,
        "status": outcome.status, "error": outcome.error and outcome.error[:_LONGEST_ERROR], "answer": answer,
        "address": outcome.address,
    }  # fmt: skip


def _settle(session: orm.Session, movement: str, judged: Sequence[tuple[Outcome, Verdict]], worker: str) -> None:
    done: defaultdict[str, list[str]] = defaultdict(list)
    failed: list[Mapping[str, Value]] = []
    for outcome, judgement in judged:
        delivery = outcome.delivery
        if judgement.status == "succeeded":
            done[delivery.endpoint].append(delivery.id)
        else:
            due = outcome.at if judgement.due_at is None else judgement.due_at
            this: dict[str, Value] = {"of": movement, "to": delivery.endpoint, "one": delivery.id}
            failed.append(this | {"me": worker, "then": judgement.status, "due": due})
    _succeed.many(session, [{"of": movement, "to": to, "ids": json_list(ids)} for to, ids in sorted(done.items())])
    if failed:
        _fail.many(session, failed)


def _tell_who_is_held_up(session: orm.Session, judged: Sequence[tuple[Outcome, Verdict]]) -> None:
    """Tell of what has failed so often that it would be given up, if nothing were waiting behind it."""
    for outcome, judgement in judged:
        delivery = outcome.delivery
        if judgement.status == "pending" and delivery.attempts + 1 == ATTEMPTS:
            outbox.record(session, WebhookEndpointHeldUp(endpoint=delivery.endpoint, delivery=delivery.id))


def _hold_chains(session: orm.Session, movement: str, outcomes: Sequence[Outcome]) -> None:
    for endpoint in sorted({one.delivery.endpoint for one in outcomes if one.delivery.chain is not None}):
        chains.hold(session, movement, endpoint)


def _let_go(session: orm.Session, movement: str, judged: Sequence[tuple[Outcome, Verdict]], now: int) -> list[str]:
    """Let the next of each chain be sent whose delivery is settled; the endpoints where there was one."""
    settled: defaultdict[str, set[str]] = defaultdict(set)
    for outcome, judgement in judged:
        if outcome.delivery.chain is not None and judgement.status != "pending":
            settled[outcome.delivery.endpoint].add(outcome.delivery.chain)
    return [at for at, linked in sorted(settled.items()) if chains.let_go(session, movement, at, linked, now)]


def _note_health(
    session: orm.Session, movement: str, endpoint: str, outcomes: Sequence[Outcome], now: int, *, failing: bool
) -> None:
    """Keep since when an endpoint has only failed; disable it when it is gone, or has failed for too long."""
    failing_since: int | None = None
    gone = any(outcome.status == 410 for outcome in outcomes)
    for outcome in outcomes:
        if (
            succeeded(outcome.status) and not gone
        ):  # it says that it is: what it still took at the same time is no matter
            failing_since = None
        elif failing_since is None:
            failing_since = outcome.at
    if failing and any(succeeded(outcome.status) for outcome in outcomes):
        _well_again.run(session, {"of": movement, "to": endpoint})
    if failing_since is not None:
        _note_failure(session, movement, endpoint, failing_since, gone, now)


def _note_failure(session: orm.Session, movement: str, endpoint: str, failing_since: int, gone: bool, now: int) -> None:
    found = session.get(Endpoint, (movement, endpoint), with_for_update=True)
    if found is None or found.status not in ("enabled", "paused"):
        return
    found.failing_since = found.failing_since or from_microseconds(failing_since)
    worn = worn_out(microseconds(found.failing_since), now)
    if gone or worn:
        reason = GONE if gone else FAILING
        found.disable(reason, clock.now())
        outbox.record(session, WebhookEndpointDisabled(endpoint=endpoint, reason=reason))
