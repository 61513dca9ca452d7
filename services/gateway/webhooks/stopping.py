"""Stopping what no agreement covers any more: an organisation's endpoints are sent nothing from that moment on.

`covered_until` of an endpoint is asked before each delivery, so nothing depends on this worker being in time; it finds
out whether another agreement has taken over, and else disables the endpoint and has its owner told why.
"""

import asyncio
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.access import scopes
from services.gateway.agreements import domain as agreements
from services.gateway.agreements import events
from services.gateway.feed.domain import types_of
from services.gateway.feed.filters import filter_of, known_types
from services.gateway.webhooks.models import Endpoint
from shared import clock, outbox
from shared.coverage import DataClass
from shared.db.types import microseconds
from shared.errors import AppError, NotFound
from shared.events.gateway import WebhookEndpointDisabled
from shared.parts import Parts

_SECONDS_BETWEEN_LOOKS = 15.0
_LIVE = ("enabled", "paused")


def classes_in(types: str) -> frozenset[DataClass]:
    """The classes of personal data that events of these patterns, a space between, are about."""
    wanted = types_of(filter_of(tuple(types.split())))
    return events.classes_of(known_types() if wanted is None else wanted)


def hold_to_agreements(session: orm.Session, endpoint: Endpoint) -> None:
    """Keep until when an organisation's endpoint is covered. Raises NotCovered where it is not, Invalid (`/purpose`)
    where it is not said for what purpose it has personal data."""
    records = scopes.classes_of((endpoint.enrichment or "").split())
    endpoint.covered_until = _until(session, endpoint, classes_in(endpoint.types) | records)


def refuse_to_show(session: orm.Session, endpoint: Endpoint, types: str, organisation: str | None) -> None:
    """Raise where events of these types may not be shown to whoever asks what an endpoint is sent.

    Who acts for an organisation sees what its own endpoints are sent: NotFound. And an organisation's are shown what an
    agreement covers at this moment: NotCovered.
    """
    if organisation is not None and organisation != endpoint.organisation:
        raise NotFound
    _until(session, endpoint, classes_in(types))


def _until(session: orm.Session, endpoint: Endpoint, classes: frozenset[DataClass]) -> int | None:
    return agreements.refuse_uncovered(
        session, endpoint.movement, endpoint.organisation, classes, endpoint.purpose, "/types"
    )


def review(session: orm.Session, movement: str) -> None:
    """Look again at every endpoint of an organisation: an agreement or a controller has changed."""
    mine = sa.select(Endpoint).where(Endpoint.movement == movement, Endpoint.organisation.is_not(None))
    for endpoint in session.scalars(mine.where(Endpoint.status.in_(_LIVE)).order_by(Endpoint.id).with_for_update()):
        if _uncovered(session, endpoint) is not None:
            endpoint.covered_until = 0


async def watch_coverage(parts: Parts) -> None:
    """Look again and again. Killed, it goes on with the next look."""
    while True:
        await look(parts)
        await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)


async def look(parts: Parts) -> None:
    """Disable the endpoints that are covered no more, and have it told why."""
    for movement in await parts.db.read(_movements_to_look_at, microseconds(clock.now())):
        db = parts.acting_in(movement)
        await db.write(stop_uncovered, movement)


def stop_uncovered(session: orm.Session, movement: str) -> None:
    """Disable a movement's endpoints that are covered no more, each with the reason."""
    at = clock.now()
    for endpoint in _due(session, movement, microseconds(at)):
        reason = _uncovered(session, endpoint)
        if reason is not None:
            endpoint.disable(reason, at)
            outbox.record(session, WebhookEndpointDisabled(endpoint=endpoint.id, reason=reason))


def _uncovered(session: orm.Session, endpoint: Endpoint) -> str | None:
    """The code of why an endpoint is not covered now; None where it is, and then until when is kept."""
    try:
        hold_to_agreements(session, endpoint)
    except AppError as refused:
        return refused.code
    return None


def _movements_to_look_at(session: orm.Session, now: int) -> Sequence[str]:
    query = sa.select(Endpoint.movement).where(Endpoint.covered_until <= now, Endpoint.status.in_(_LIVE))
    return session.scalars(query.distinct()).all()


def _due(session: orm.Session, movement: str, now: int) -> Sequence[Endpoint]:
    query = sa.select(Endpoint).where(
        Endpoint.movement == movement, Endpoint.covered_until <= now, Endpoint.status.in_(_LIVE)
    )
    return session.scalars(query.order_by(Endpoint.id).with_for_update(skip_locked=True)).all()
