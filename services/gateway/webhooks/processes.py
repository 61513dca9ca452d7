"""The processes that send: which of them live, what the dead ones held, and what of an endpoint's limits is whose.

A limit holds over all of them without their asking one another: each has a part, by its place among those that live,
and the parts add up. One that has just come sends to an endpoint with limits of its own once all the others know of it;
until those notice that one is gone, its part is nobody's. A rest is everybody's, and one of them has the probe.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from zlib import crc32

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.webhooks.models import Delivery, Endpoint, Sending
from shared.db.hot import Value, hot

LEASE_SECONDS = 10
_LEASE = LEASE_SECONDS * 1_000_000

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
_living = hot(sa.select(Sending.id, Sending.until).order_by(Sending.id))
_rest = hot(
    sa.update(Endpoint)
    .where(Endpoint.movement == sa.bindparam("of"), Endpoint.id == sa.bindparam("to"))
    .values(rests_until=sa.bindparam("until"), probed=sa.bindparam("only_probed"))
)


class Peers(NamedTuple):
    """How many processes live, this one's place among them, and whether all the others know of it by now."""

    living: int = 1
    place: int = 0
    known: bool = True

    def part(self, whole: int, endpoint: str) -> int:
        """What this process may of a whole. Where it cannot be divided evenly, who has more differs by endpoint."""
        return whole // self.living + (self._turn(endpoint) < whole % self.living)

    def probes(self, endpoint: str) -> bool:
        """Whether it is this process that finds out how an endpoint is that has only failed."""
        return self._turn(endpoint) == 0

    def _turn(self, endpoint: str) -> int:
        return (self.place + crc32(endpoint.encode())) % self.living


class Rest(NamedTuple):
    """An endpoint that is left alone until an instant (microseconds since 1970), and after that perhaps only probed."""

    movement: str
    endpoint: str
    until: int
    only_probed: bool


def release(session: orm.Session, worker: str) -> None:
    """Let others have everything that a process holds."""
    _release.run(session, {"who": worker})


def beat(session: orm.Session, worker: str, now: int) -> bool:
    """Say that this process lives, and let others have what dead ones hold.

    False where it was unknown itself, or taken for dead: then it holds nothing any more.

    `now` is real time, whatever the clock of the schedule says: it is compared between processes. A process that ends
    leaves its row to run out, so that a lease which it took in its last moment is found like any other.
    """
    ends = now + _LEASE
    known = _beat.run(session, {"me": worker, "ends": ends}) == 1
    if not known:
        release(session, worker)
        _enlist.run(session, {"id": worker, "until": ends})
    if _bury.run(session, {"me": worker, "now": now}) or not known:
        _release_orphans.run(session, {})
    return known


def peers(session: orm.Session, worker: str, joined: int) -> Peers:
    """Who sends beside a process that has been among them since an instant (microseconds since 1970, real time).

    Another knows of it that has said since then that it lives: it looks at who does whenever it says so.
    """
    living = _living.rows(session, {})
    known = all(until - _LEASE >= joined for name, until in living if name != worker)
    return Peers(len(living), [name for name, _ in living].index(worker), known)


def rest(session: orm.Session, rests: Iterable[Rest]) -> None:
    """Have every process leave endpoints alone."""
    for each in sorted(rests):
        place: Mapping[str, Value] = {"of": each.movement, "to": each.endpoint}
        _rest.run(session, {**place, "until": each.until, "only_probed": each.only_probed})
