"""The queue of deliveries: putting in, taking out under a lease, giving back. It serves all movements at once.

A delivery belongs to the process named in `worker`, and else to whoever comes first once it is due. The lease is the
process's own and not the delivery's: while a process lives its deliveries may wait as long as they must, and seconds
after it died others have them.
"""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.feed.cloudevents import Item
from services.gateway.feed.filters import Filter, filter_of
from services.gateway.feed.models import FeedItem
from services.gateway.webhooks.models import Delivery, Endpoint, Sending
from shared.db.hot import Value, hot
from shared.ids import new_id

LEASE_SECONDS = 10


class Destination(msgspec.Struct, frozen=True):
    """An endpoint as the sender needs it. `secrets` are sealed.

    After `covered_until`, in microseconds since 1970, no agreement covers what it would be sent.
    """

    movement: str
    id: str
    url: str
    types: str
    secrets: bytes
    enabled: bool
    covered_until: int | None = None
    organisation: str | None = None
    purpose: str | None = None

    def may_be_sent(self, now: int) -> bool:
        """Whether an agreement still covers what is sent, or none is needed."""
        return self.covered_until is None or now < self.covered_until

    @property
    def filter(self) -> Filter:
        """Which events it wants."""
        return filter_of(tuple(self.types.split()))


class Leased(msgspec.Struct, frozen=True, gc=False):
    """A delivery that this process sends: its id is the `webhook-id`, `attempts` were made before."""

    id: str
    endpoint: str
    attempts: int
    previous: int | None
    item: Item


class Handed(msgspec.Struct, frozen=True):
    """Deliveries to one endpoint that this process holds from now on; `more` wait in the database, due already."""

    destination: Destination
    leased: Sequence[Leased]
    more: bool


class Queued(msgspec.Struct, frozen=True):
    """A delivery to put into the queue. Without a `worker` it waits for whoever comes first after `due_at`."""

    item: Item
    previous: int | None
    worker: str | None = None
    resend_of: str | None = None


_destination = [
    Endpoint.movement,
    Endpoint.id,
    Endpoint.url,
    Endpoint.types,
    Endpoint.secrets,
    Endpoint.covered_until,
    Endpoint.organisation,
    Endpoint.purpose,
]
_covered = Endpoint.covered_until.is_(None) | (Endpoint.covered_until > sa.bindparam("now"))
_waiting = sa.text("status = 'pending' AND worker IS NULL")  # word for word as in the partial index
_insert = hot(sa.insert(Delivery))
_subscribed = hot(
    sa.select(*_destination, sa.and_(Endpoint.status == "enabled", _covered))
    .where(Endpoint.movement == sa.bindparam("movement"))
    .where(sa.or_(Endpoint.status == "enabled", Endpoint.status == "paused"))
    .order_by(Endpoint.id)
)
_enabled = hot(
    sa.select(
        *_destination,
        sa.select(sa.func.min(Delivery.due_at))
        .where(Delivery.movement == Endpoint.movement, Delivery.endpoint == Endpoint.id)
        .where(sa.text("webhook_delivery.status = 'pending' AND webhook_delivery.worker IS NULL"))
        .scalar_subquery(),
    ).where(Endpoint.status == "enabled", _covered)
)
_due = hot(
    sa.select(Delivery.id, Delivery.attempts, Delivery.previous_sequence, *FeedItem.__table__.c)
    .join(FeedItem, (FeedItem.movement == Delivery.movement) & (FeedItem.position == Delivery.position))
    .where(Delivery.movement == sa.bindparam("movement"), Delivery.endpoint == sa.bindparam("endpoint"))
    .where(_waiting, Delivery.due_at <= sa.bindparam("now"))
    .order_by(Delivery.due_at)
    .limit(sa.bindparam("most"))
    .with_for_update(of=Delivery, skip_locked=True)
)
_this = (
    (Delivery.movement == sa.bindparam("of")) & (Delivery.endpoint == sa.bindparam("to"))
    & (Delivery.id == sa.bindparam("one"))
)  # fmt: skip
_lease = hot(sa.update(Delivery).where(_this).values(worker=sa.bindparam("me")))
_give_back = hot(sa.update(Delivery).where(_this, Delivery.worker == sa.bindparam("me")).values(worker=None))
_withhold = hot(
    sa.update(Delivery).where(_this, Delivery.worker == sa.bindparam("me")).values(worker=None, status="withheld")
)
_of_others = hot(
    sa.select(sa.func.count())
    .select_from(Endpoint)
    .where(Endpoint.movement == sa.bindparam("movement"), Endpoint.organisation.is_not(None))
    .where(sa.or_(Endpoint.status == "enabled", Endpoint.status == "paused"))
)
_release = hot(
    sa.update(Delivery)
    .where(sa.text("status <> 'succeeded'"), Delivery.worker == sa.bindparam("who"))
    .values(worker=None)
)
_release_orphans = hot(
    sa.update(Delivery)
    .where(sa.text("status <> 'succeeded'"), Delivery.worker.not_in(sa.select(Sending.id)))
    .values(worker=None)
)
_beat = hot(sa.update(Sending).where(Sending.id == sa.bindparam("me")).values(until=sa.bindparam("ends")))
_enlist = hot(sa.insert(Sending))
_bury = hot(sa.delete(Sending).where(Sending.until < sa.bindparam("now"), Sending.id != sa.bindparam("me")))


def subscribed(session: orm.Session, movement: str, now: int) -> list[Destination]:
    """The endpoints of a movement that deliveries are queued for; enabled are those that may be sent them now."""
    rows = _subscribed.rows(session, {"movement": movement, "now": now})
    return [_as_destination(row, bool(row[8])) for row in rows]


def put(session: orm.Session, to: Destination, deliveries: Iterable[Queued], now: int) -> list[Leased]:
    """Queue deliveries for one endpoint; answers them, in order."""
    rows: list[Mapping[str, Value]] = []
    leased: list[Leased] = []
    for queued in deliveries:
        delivery = Leased(new_id("dlv"), to.id, 0, queued.previous, queued.item)
        leased.append(delivery)
        rows.append(
            {
                "movement": to.movement, "endpoint": to.id, "id": delivery.id, "position": queued.item.position,
                "previous_sequence": queued.previous, "status": "pending", "attempts": 0, "due_at": now,
                "worker": queued.worker, "resend_of": queued.resend_of, "created_at": now,
            }
        )  # fmt: skip
    _insert.many(session, rows)
    return leased


def enabled(session: orm.Session, now: int) -> list[tuple[Destination, int | None]]:
    """Every endpoint that is sent to, and when the first of its waiting deliveries is due."""
    return [(_as_destination(row, True), row[8]) for row in _enabled.rows(session, {"now": now})]


def lease(session: orm.Session, to: Destination, worker: str, most: int, now: int) -> Handed:
    """Take due deliveries of one endpoint, the longest due first; those that another process is taking are left."""
    place: Mapping[str, Value] = {"movement": to.movement, "endpoint": to.id, "now": now, "most": most}
    rows = _due.rows(session, place)
    _lease.many(session, [{"of": to.movement, "to": to.id, "one": row[0], "me": worker} for row in rows])
    leased = [Leased(row[0], to.id, row[1], row[2], Item(*row[3:])) for row in rows]
    return Handed(to, leased, more=len(leased) == most)


def withhold(session: orm.Session, leased: Iterable[Leased], worker: str) -> None:
    """Never send these: their receiver may not have them any more."""
    _withhold.many(
        session,
        [{"of": one.item.movement, "to": one.endpoint, "one": one.id, "me": worker} for one in leased],
    )


def count_of_others(session: orm.Session, movement: str) -> int:
    """How many endpoints of a movement belong to other organisations and are live."""
    row = _of_others.one(session, {"movement": movement})
    return 0 if row is None else int(str(row[0]))


def give_back(session: orm.Session, leased: Iterable[Leased], worker: str) -> None:
    """Let others have deliveries that were not sent."""
    _give_back.many(
        session,
        [{"of": one.item.movement, "to": one.endpoint, "one": one.id, "me": worker} for one in leased],
    )


def release(session: orm.Session, worker: str) -> None:
    """Let others have everything that a process holds."""
    _release.run(session, {"who": worker})


def beat(session: orm.Session, worker: str, now: int) -> bool:
    """Say that this process lives, and let others have what dead ones hold.

    False where it was unknown itself, or taken for dead: then it holds nothing any more.

    `now` is real time, whatever the clock of the schedule says: it is compared between processes. A process that ends
    leaves its row to run out, so that a lease which it took in its last moment is found like any other.
    """
    ends = now + LEASE_SECONDS * 1_000_000
    known = _beat.run(session, {"me": worker, "ends": ends}) == 1
    if not known:
        release(session, worker)
        _enlist.run(session, {"id": worker, "until": ends})
    if _bury.run(session, {"me": worker, "now": now}) or not known:
        _release_orphans.run(session, {})
    return known


def destination(endpoint: Endpoint) -> Destination:
    """An endpoint as the sender needs it."""
    return Destination(
        movement=endpoint.movement,
        id=endpoint.id,
        url=endpoint.url,
        types=endpoint.types,
        secrets=endpoint.secrets,
        enabled=endpoint.status == "enabled",
        organisation=endpoint.organisation,
        purpose=endpoint.purpose,
    )


def _as_destination(row: Sequence[Value], is_enabled: bool) -> Destination:
    movement, id_, url, types, secrets, until, organisation, purpose = row[:8]
    return Destination(
        movement=str(movement),
        id=str(id_),
        url=str(url),
        types=str(types),
        secrets=_bytes(secrets),
        enabled=is_enabled,
        covered_until=until if isinstance(until, int) else None,
        organisation=None if organisation is None else str(organisation),
        purpose=None if purpose is None else str(purpose),
    )


def _bytes(value: Value) -> bytes:
    return value if isinstance(value, bytes) else b""
