"""What the API reads of endpoints, deliveries and recoveries, always of one movement."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.feed.models import FeedItem
from services.gateway.webhooks.models import Attempt, Delivery, DeliveryStatus, Endpoint, Recovery


class Listed(NamedTuple):
    """A delivery and the event that it delivers."""

    delivery: Delivery
    event_id: str
    event_type: str


def endpoint(session: orm.Session, movement: str, id_: str, *, lock: bool = False) -> Endpoint | None:
    """An endpoint that was not deleted; `lock` keeps others from changing it until commit."""
    found = session.get(Endpoint, (movement, id_), with_for_update=lock or None)
    return None if found is None or found.status == "deleted" else found


def endpoints(session: orm.Session, movement: str, after: str | None, most: int) -> Sequence[Endpoint]:
    """Endpoints, the oldest first, behind the one with the id `after`."""
    wanted = sa.select(Endpoint).where(Endpoint.movement == movement, Endpoint.status != "deleted")
    if after is not None:
        wanted = wanted.where(Endpoint.id > after)
    return session.scalars(wanted.order_by(Endpoint.id).limit(most)).all()


def count_endpoints(session: orm.Session, movement: str) -> int:
    """How many endpoints a movement has."""
    counted = sa.select(sa.func.count()).where(Endpoint.movement == movement, Endpoint.status != "deleted")
    return session.scalar(counted) or 0


def deliveries(
    session: orm.Session, movement: str, endpoint: str, status: DeliveryStatus | None, before: str | None, most: int
) -> Sequence[Listed]:
    """Deliveries to an endpoint, the newest first, before the one with the id `before`."""
    page = sa.select(Delivery.id).where(Delivery.movement == movement, Delivery.endpoint == endpoint)
    if status is not None:
        page = page.where(Delivery.status == status)
        if status != "succeeded":
            page = page.where(sa.text("status <> 'succeeded'"))  # word for word as in the partial index
    if before is not None:
        page = page.where(Delivery.id < before)
    # By id first: what SQLite reads then is in an index, however few of very many deliveries have this status.
    page = page.order_by(Delivery.id.desc()).limit(most)
    rows = session.execute(_listed(movement, endpoint).where(Delivery.id.in_(page)).order_by(Delivery.id.desc()))
    return [Listed(found, event_id, event_type) for found, event_id, event_type in rows]


def delivery(session: orm.Session, movement: str, endpoint: str, id_: str) -> Listed | None:
    """One delivery to an endpoint."""
    row = session.execute(_listed(movement, endpoint).where(Delivery.id == id_)).first()
    return None if row is None else Listed(row[0], row[1], row[2])


def attempts(session: orm.Session, movement: str, delivery: str) -> Sequence[Attempt]:
    """The attempts at a delivery, in order; their answers are sealed."""
    wanted = sa.select(Attempt).where(Attempt.movement == movement, Attempt.delivery == delivery)
    return session.scalars(wanted.order_by(Attempt.id)).all()


def recovery(session: orm.Session, movement: str, endpoint: str, id_: str) -> Recovery | None:
    """One recovery of an endpoint."""
    found = session.get(Recovery, (movement, id_))
    return None if found is None or found.endpoint != endpoint else found


def _listed(movement: str, endpoint: str) -> sa.Select[Delivery, str, str]:
    event = (FeedItem.movement == Delivery.movement) & (FeedItem.position == Delivery.position)
    return (
        sa.select(Delivery, FeedItem.event_id, FeedItem.type)
        .join(FeedItem, event)
        .where(Delivery.movement == movement, Delivery.endpoint == endpoint)
    )
