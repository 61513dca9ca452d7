"""Putting a trace together: the events of an id, where each stands on the log, who has applied it, who was told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import orm

from services.gateway.trace import store
from services.gateway.trace.asking import who_applied, who_wrote
from services.gateway.trace.schemas import AttemptMade, DeliveryMade, EventTraced, Missing, Projection, Trace
from services.gateway.trace.store import Delivered
from shared.bus.partition import partition_of
from shared.calls import CallOf
from shared.errors import Forbidden, NotFound
from shared.events.envelope import topic
from shared.tracing import MOST_WRITES, Applied, Written


class _Known(NamedTuple):
    """What the gateway's own database says of some events."""

    positions: Mapping[str, int]
    deliveries: Mapping[int, Sequence[Delivered]]


async def trace(call: CallOf, subject: str) -> Trace:
    """All that is known of an id. Raises NotFound, and Forbidden for a caller of an organisation: a trace tells of
    everybody's events, whatever the agreements cover."""
    if call.principal.organisation is not None:
        raise Forbidden("a trace is for the movement's own callers")
    told = await who_wrote(call, subject)
    events = {each.event: (service, each) for service, each in told.writes}
    services = [*call.parts.upstreams, call.parts.service]
    for each, service in await call.read(store.of_key, services, subject):
        events.setdefault(each.event, (service, each))
    if not events:
        if told.missing:  # whoever is away may know it
            return Trace(id=subject, events=[], missing=_missing(told.missing))
        raise NotFound
    latest = sorted(events.values(), key=lambda pair: pair[1].event)[-MOST_WRITES:]
    keys = sorted({(service, each.key) for service, each in latest})
    applied, unasked = await who_applied(call, keys)
    known = await call.read(_known, latest)
    shows_deliveries = call.principal.may("webhooks:read")
    return Trace(
        id=subject,
        events=[_traced(service, each, known, applied, shows_deliveries) for service, each in latest],
        missing=_missing({**told.missing, **unasked}),
    )


def _known(session: orm.Session, movement: str, events: Collection[tuple[str, Written]]) -> _Known:
    positions = store.positions(session, movement, events)
    return _Known(positions, store.deliveries(session, movement, positions.values()))


def _traced(
    service: str, each: Written, known: _Known, applied: Sequence[tuple[str, Applied]], shows_deliveries: bool
) -> EventTraced:
    position = known.positions.get(each.event)
    found = () if position is None else known.deliveries.get(position, ())
    return EventTraced(
        id=each.event, type=each.type, service=service, subject=each.key, sequence=each.sequence, actor=each.actor,
        causation=each.causation, traceparent=each.traceparent, written_at=_instant(each.occurred_at),
        published_at=None if each.published_at is None else _instant(each.published_at),
        topic=topic(service), partition=partition_of(each.key.encode()), position=position,
        projections=[
            _projection(by, step, each.sequence)
            for by, step in applied
            if (step.service, step.key) == (service, each.key)
        ],
        deliveries=[_delivery(one) for one in found] if shows_deliveries else None,
    )  # fmt: skip


def _projection(service: str, step: Applied, sequence: int) -> Projection:
    state = "applied" if step.sequence >= sequence else "parked" if step.parked else "waiting"
    return Projection(service=service, consumer=step.consumer, state=state, reached=step.sequence)


def _delivery(found: Delivered) -> DeliveryMade:
    tried = [
        AttemptMade(at=each.at, status=each.status, error=each.error, duration_ms=each.duration_ms)
        for each in found.attempts
    ]
    delivery = found.delivery
    return DeliveryMade(id=delivery.id, endpoint=delivery.endpoint, status=delivery.status, attempts=tried)


def _missing(reasons: Mapping[str, str]) -> list[Missing]:
    return [Missing(service=service, reason=reason) for service, reason in sorted(reasons.items())]


def _instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
