"""Order: which deliveries of an endpoint go one after another, and what lets the next one go.

A chain is what stays in order: the events of one subject at an endpoint that is `ordered_by_key`, all events at one
that is `strict`. Of a chain one delivery at most is pending, and the others are behind it; whoever settles it lets the
next one be pending, in the order of the feed. So no two processes can ever send two of a chain at once, and none needs
to know of the others: a retry, a lease that ran out, a late answer all find the rest of the chain still behind. Nothing
of a chain is given up unless somebody skips it: what fails is tried until it is taken, and what follows it waits.

Whoever adds to a chain or settles one of it holds the endpoint until commit: else one could be put behind another that
is just being settled, and nobody would let it go.
"""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.feed.cloudevents import Item
from services.gateway.webhooks.models import Delivery, Endpoint, Ordering
from shared.db.hot import Value, hot
from shared.db.lists import among, json_list

_ALL = "*"
"""The chain of a strict endpoint. A subject's is its service and key, which have a slash between them."""

_of = (Delivery.movement == sa.bindparam("of")) & (Delivery.endpoint == sa.bindparam("to"))
_open = sa.text("chain IS NOT NULL AND (status = 'pending' OR status = 'behind')")  # word for word as in the index
_hold = hot(
    sa.select(Endpoint.id)
    .where(Endpoint.movement == sa.bindparam("of"), Endpoint.id == sa.bindparam("to"))
    .with_for_update()
)
_busy = hot(sa.select(Delivery.chain).where(_of, _open, among(Delivery.chain, "chains")).distinct())
_other = orm.aliased(Delivery)
_in_chain = (
    (_other.movement == sa.bindparam("of")) & (_other.endpoint == sa.bindparam("to"))
    & _open & (_other.chain == sa.bindparam("in_chain"))
)  # fmt: skip
_first = sa.select(_other.id).where(_in_chain, _other.status == "behind").order_by(_other.position, _other.id).limit(1)
_let_go = hot(
    sa.update(Delivery)
    .where(_of, Delivery.id == _first.scalar_subquery())
    .where(sa.not_(sa.exists(sa.select(_other.id).where(_in_chain, _other.status == "pending"))))
    .values(status="pending", due_at=sa.bindparam("now"))
)


_earlier = (
    (_other.movement == Delivery.movement) & (_other.endpoint == Delivery.endpoint) & (_other.chain == Delivery.chain)
    & _open & (_other.status == "behind") & (_other.position < Delivery.position)
)  # fmt: skip
_step_back = hot(
    sa.update(Delivery)
    .where(_of, _open, among(Delivery.chain, "chains"), Delivery.status == "pending", Delivery.worker.is_(None))
    .where(sa.exists(sa.select(_other.id).where(_earlier)))
    .values(status="behind")
)


def chain_of(ordering: Ordering, item: Item) -> str | None:
    """The chain in which an event goes to an endpoint; None where it goes whenever it can."""
    if ordering == "parallel":
        return None
    return _ALL if ordering == "strict" else f"{item.service}/{item.key}"


def hold(session: orm.Session, movement: str, endpoint: str) -> None:
    """Keep others from touching an endpoint's chains until commit."""
    _hold.run(session, {"of": movement, "to": endpoint})


def busy(session: orm.Session, movement: str, endpoint: str, chains: Iterable[str]) -> set[str]:
    """Which of these chains have a delivery that is not settled."""
    place = {"of": movement, "to": endpoint, "chains": json_list(chains)}
    return {str(chain) for (chain,) in _busy.rows(session, place)}


def let_go(session: orm.Session, movement: str, endpoint: str, chains: Iterable[str], now: int) -> bool:
    """Let the next of each chain be pending where none is; whether there was any. The endpoint is held."""
    place: dict[str, Value] = {"of": movement, "to": endpoint, "now": now}
    return sum([_let_go.run(session, place | {"in_chain": chain}) for chain in sorted(set(chains))]) > 0


def line_up(session: orm.Session, movement: str, endpoint: str, linked: Iterable[str | None], now: int) -> None:
    """After older events were queued: let the earliest of each chain go first, before what nobody has taken yet.

    The endpoint is held.
    """
    wanted = {chain for chain in linked if chain is not None}
    if wanted:
        _step_back.run(session, {"of": movement, "to": endpoint, "chains": json_list(wanted)})
        let_go(session, movement, endpoint, wanted, now)
