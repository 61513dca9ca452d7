"""The queue of deliveries: putting in, taking out under a lease, giving back. It serves all movements at once.

A delivery belongs to the process named in `worker`, and else to whoever comes first once it is due. The lease is the
process's own and not the delivery's (see `processes`): while a process lives its deliveries may wait as long as they
must, and seconds after it died others have them.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.feed.cloudevents import Item
from services.gateway.feed.models import FeedItem
from services.gateway.webhooks import chains
from services.gateway.webhooks.models import IN_FLIGHT, Delivery, Endpoint, Ordering
from services.gateway.webhooks.wanting import Wanted
from shared.db.hot import Row, Value, hot
from shared.db.lists import among, json_list
from shared.ids import new_id


class Destination(msgspec.Struct, frozen=True):
    """An endpoint as the sender needs it. `secrets` are sealed.

    After `covered_until`, in microseconds since 1970, no agreement covers what it would be sent.
    """

    enabled: bool
    movement: str
    id: str
    url: str
    types: str
    secrets: bytes
    covered_until: int | None = None
    organisation: str | None = None
    purpose: str | None = None
    ordering: Ordering = "parallel"
    in_flight: int = IN_FLIGHT
    per_second: int | None = None
    payload_filter: str | None = None
    mapping: str | None = None
    enrichment: str | None = None
    rests_until: int | None = None
    probed: bool = False

    def may_be_sent(self, now: int) -> bool:
        """Whether an agreement still covers what is sent, or none is needed."""
        return self.covered_until is None or now < self.covered_until

    @property
    def wanted(self) -> Wanted:
        """Which events it wants."""
        return Wanted(self.types, self.payload_filter)


class Leased(msgspec.Struct, frozen=True, gc=False):
    """A delivery that this process sends: its id is the `webhook-id`, `attempts` were made before."""

    id: str
    endpoint: str
    attempts: int
    previous: int | None
    chain: str | None
    item: Item


class Handed(msgspec.Struct, frozen=True):
    """Deliveries to one endpoint that this process holds from now on; `more` wait in the database, due already."""

    destination: Destination
    leased: Sequence[Leased]
    more: bool


class Queued(msgspec.Struct, frozen=True):
    """A delivery to put into the queue."""

    item: Item
    previous: int | None
    resend_of: str | None = None
    id: str = msgspec.field(default_factory=partial(new_id, "dlv"))


_destination = [
    Endpoint.movement, Endpoint.id, Endpoint.url, Endpoint.types, Endpoint.secrets, Endpoint.covered_until,
    Endpoint.organisation, Endpoint.purpose, Endpoint.ordering, Endpoint.in_flight, Endpoint.per_second,
    Endpoint.payload_filter, Endpoint.mapping, Endpoint.enrichment,
    Endpoint.rests_until, Endpoint.probed,
]  # fmt: skip
_WIDTH = len(_destination)
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
    sa.select(Delivery.id, Delivery.attempts, Delivery.previous_sequence, Delivery.chain, *FeedItem.__table__.c)
    .join(FeedItem, (FeedItem.movement == Delivery.movement) & (FeedItem.position == Delivery.position))
    .where(Delivery.movement == sa.bindparam("movement"), Delivery.endpoint == sa.bindparam("endpoint"))
    .where(_waiting, Delivery.due_at <= sa.bindparam("now"))
    .order_by(Delivery.due_at)
    .limit(sa.bindparam("most"))
    .with_for_update(of=Delivery, skip_locked=True)
)
_theirs = (Delivery.movement == sa.bindparam("of")) & (Delivery.endpoint == sa.bindparam("to"))
_this = _theirs & (Delivery.id == sa.bindparam("one"))
_lease = hot(sa.update(Delivery).where(_theirs, among(Delivery.id, "ids")).values(worker=sa.bindparam("me")))
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


def subscribed(session: orm.Session, movement: str, now: int) -> list[Destination]:
    """The endpoints of a movement that deliveries are queued for; enabled are those that may be sent them now."""
    rows = _subscribed.rows(session, {"movement": movement, "now": now})
    return [_as_destination(row, bool(row[_WIDTH])) for row in rows]


def put(
    session: orm.Session,
    to: Destination,
    deliveries: Iterable[Queued],
    now: int,
    *,
    worker: str | None = None,
    room: int = 0,
) -> Handed:
    """Queue deliveries for one endpoint, in the order of the feed; answers those that the worker holds from now on.

    It holds as many as it has room for; the others wait for whoever comes first, or behind another of their chain.
    """
    handed, rows = arranged(session, to, deliveries, now, worker=worker, room=room)
    insert(session, rows)
    return handed


def arranged(
    session: orm.Session, to: Destination, deliveries: Iterable[Queued], now: int, *, worker: str | None, room: int
) -> tuple[Handed, Sequence[Mapping[str, Value]]]:
    """As :func:`put`, but the rows are answered, so that those of many endpoints can be inserted at once."""
    queued = list(deliveries)
    linked = [chains.chain_of(to.ordering, one.item) for one in queued]
    taken = _taken(session, to, linked)
    rows: list[Mapping[str, Value]] = []
    leased: list[Leased] = []
    more = False
    for one, chain in zip(queued, linked, strict=True):
        behind = chain in taken
        mine = not behind and len(leased) < room
        if chain is not None:
            taken.add(chain)
        if mine:
            leased.append(Leased(one.id, to.id, 0, one.previous, chain, one.item))
        more = more or not (behind or mine)
        rows.append(
            {
                "movement": to.movement, "endpoint": to.id, "id": one.id, "position": one.item.position,
                "previous_sequence": one.previous, "status": "behind" if behind else "pending", "attempts": 0,
                "due_at": now, "worker": worker if mine else None, "resend_of": one.resend_of, "chain": chain,
                "created_at": now,
            }
        )  # fmt: skip
    return Handed(to, leased, more), rows


def insert(session: orm.Session, rows: Iterable[Mapping[str, Value]]) -> None:
    """Put into the queue what is :func:`arranged`."""
    _insert.many(session, rows)


def _taken(session: orm.Session, to: Destination, linked: Iterable[str | None]) -> set[str]:
    """Which of these chains something waits in already. They stay as they are until commit."""
    wanted = {chain for chain in linked if chain is not None}
    if not wanted:
        return set()
    chains.hold(session, to.movement, to.id)
    return chains.busy(session, to.movement, to.id, wanted)


def enabled(session: orm.Session, now: int) -> list[tuple[Destination, int | None]]:
    """Every endpoint that is sent to, and when the first of its waiting deliveries is due."""
    return [(_as_destination(row, True), row[_WIDTH]) for row in _enabled.rows(session, {"now": now})]


def lease(session: orm.Session, to: Destination, worker: str, most: int, now: int) -> Handed:
    """Take due deliveries of one endpoint, the longest due first; those that another process is taking are left."""
    place: Mapping[str, Value] = {"movement": to.movement, "endpoint": to.id, "now": now, "most": most}
    rows = _due.rows(session, place)
    if rows:
        ids = json_list(row[0] for row in rows)
        _lease.run(session, {"of": to.movement, "to": to.id, "ids": ids, "me": worker})
    leased = [Leased(row[0], to.id, row[1], row[2], row[3], Item(*row[4:])) for row in rows]
    return Handed(to, leased, more=len(leased) == most)


def withhold(session: orm.Session, leased: Iterable[Leased], worker: str) -> None:
    """Never send these: their receiver may not have them any more."""
    _withhold.many(session, _held(leased, worker))


def count_of_others(session: orm.Session, movement: str) -> int:
    """How many endpoints of a movement belong to other organisations and are live."""
    row = _of_others.one(session, {"movement": movement})
    return 0 if row is None else int(str(row[0]))


def give_back(session: orm.Session, leased: Iterable[Leased], worker: str) -> None:
    """Let others have deliveries that were not sent."""
    _give_back.many(session, _held(leased, worker))


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
        ordering=endpoint.ordering,
        in_flight=endpoint.in_flight,
        per_second=endpoint.per_second,
        payload_filter=endpoint.payload_filter,
        mapping=endpoint.mapping,
        enrichment=endpoint.enrichment,
    )


def _as_destination(row: Row, is_enabled: bool) -> Destination:
    """An endpoint of the columns of `_destination`, which are its fields from the second on."""
    return Destination(is_enabled, *row[:_WIDTH])


def _held(leased: Iterable[Leased], worker: str) -> list[Mapping[str, Value]]:
    return [{"of": one.item.movement, "to": one.endpoint, "one": one.id, "me": worker} for one in leased]
