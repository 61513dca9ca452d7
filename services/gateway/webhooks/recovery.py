"""Recoveries: durable jobs that queue again, slice by slice, what an endpoint did not get since some moment.

That is what failed for good, and what happened while the endpoint was disabled. The job's progress is stored with each
slice, so a restart goes on where it was; what has succeeded or still waits is left alone. Where an endpoint is sent in
order, what happens while its recovery lasts is queued by the recovery too: else it would overtake what is recovered.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.feed import store as feed_store
from services.gateway.feed.store import Slice
from services.gateway.webhooks import chains, queue, withheld
from services.gateway.webhooks.models import Delivery, Endpoint, Recovery
from services.gateway.webhooks.queue import Destination, Queued
from services.gateway.webhooks.wanting import previous
from shared import clock
from shared.db.hot import hot
from shared.db.types import microseconds

SLICE = 500
"""Feed items that one transaction looks at."""


_take_along = hot(
    sa.update(Recovery)
    .where(Recovery.movement == sa.bindparam("of"), Recovery.endpoint == sa.bindparam("to"), sa.text("NOT done"))
    .values(through=sa.bindparam("position"))
)


def takes_along(session: orm.Session, to: Destination, through: int) -> bool:
    """Whether some recovery of an endpoint is not done, and queues what has happened through a position as well."""
    return _take_along.run(session, {"of": to.movement, "to": to.id, "position": through}) > 0


def any_open(session: orm.Session) -> bool:
    """Whether some recovery is not done yet."""
    return session.scalar(sa.select(Recovery.id).where(sa.text("NOT done")).limit(1)) is not None


def advance(session: orm.Session) -> bool:
    """Do the next slice of some open recovery; False where there is none that another process is not at already."""
    some = sa.select(Recovery).where(sa.text("NOT done"))
    # In no order: one that takes along all that happens may last, and no other waits for its end.
    job = session.scalars(some.order_by(sa.func.random()).limit(1).with_for_update(skip_locked=True)).first()
    if job is None:
        return False
    endpoint = session.get(Endpoint, (job.movement, job.endpoint))
    if endpoint is None or endpoint.status == "deleted":
        job.done = True
        return True
    through = min(job.reached + SLICE, job.through)
    job.resent += _queue_again(session, job.movement, endpoint, job.reached, through)
    job.reached = through
    job.done = through >= job.through
    return True


def _queue_again(session: orm.Session, movement: str, endpoint: Endpoint, after: int, through: int) -> int:
    """Queue what matches the endpoint's filter now and has neither succeeded nor waits; answers how many."""
    to = queue.destination(endpoint)
    found = feed_store.within(session, movement, Slice((after, through)), to.wanted.listed, SLICE)
    items = withheld.allowed(session, to, [item for item in found if to.wanted.takes(item)])
    settled, failed = _deliveries(session, movement, endpoint.id, [item.position for item in items])
    again = [
        Queued(item, previous(session, to.wanted, item), resend_of=failed.get(item.position))
        for item in items
        if item.position not in settled
    ]
    now = microseconds(clock.now())
    queue.put(session, to, again, now)
    chains.line_up(session, movement, endpoint.id, [chains.chain_of(to.ordering, one.item) for one in again], now)
    return len(again)


def _deliveries(
    session: orm.Session, movement: str, endpoint: str, positions: Sequence[int]
) -> tuple[set[int], dict[int, str]]:
    """Which positions have a delivery that succeeded or waits; for the others, the delivery that failed last."""
    rows = session.execute(
        sa.select(Delivery.position, Delivery.status, Delivery.id)
        .where(Delivery.movement == movement, Delivery.endpoint == endpoint, Delivery.position.in_(positions))
        .order_by(Delivery.id)
    ).all()
    settled = {position for position, status, _ in rows if status != "exhausted"}
    return settled, {position: delivery for position, _, delivery in rows}
