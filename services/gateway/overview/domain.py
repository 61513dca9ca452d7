"""The running totals: moved by handlers, read as one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import orm

from services.gateway.overview import store
from services.gateway.overview.models import CopiedTotal, Total
from shared.consumer.projection import Projection, to_copy
from shared.db import Session, before_commit
from shared.db.session import of
from shared.db.types import from_microseconds, microseconds
from shared.events.base import Received

_PENDING = "overview totals"
_RUNG, _OFFERED = "rung:", "offered:"

_Change = tuple[int, int]
"""How much a total moves, and the moment of the latest event that moved it."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Every total of a movement, and the moment of the latest event in them (None: nothing has happened yet)."""

    values: Mapping[str, int]
    as_of: datetime | None

    def of(self, figure: str) -> int:
        """One total; 0 where nothing moved it yet."""
        return self.values.get(figure, 0)

    @property
    def rungs(self) -> dict[str, int]:
        """Memberships by rung."""
        return self._under(_RUNG)

    @property
    def offered(self) -> dict[str, int]:
        """Pence of awards offered by currency."""
        return self._under(_OFFERED)

    def _under(self, prefix: str) -> dict[str, int]:
        return {name.removeprefix(prefix): value for name, value in self.values.items() if name.startswith(prefix)}


def on_rung(rung: str) -> str:
    """The figure that counts memberships on a rung."""
    return _RUNG + rung


def offered_in(currency: str) -> str:
    """The figure that sums awards offered in a currency, in its minor unit."""
    return _OFFERED + currency


def add(session: orm.Session, received: Received, changes: Mapping[str, int]) -> None:
    """Move totals of the event's movement.

    A batch touches few totals many times: they are summed and written at the end of its transaction, in the order of
    their keys, so that two replicas never wait for each other in a circle.
    """
    ours = of(session)
    pending: dict[tuple[str, str], _Change] | None = ours.info.get(_PENDING)
    if pending is None:
        pending = ours.info[_PENDING] = {}
        before_commit(ours, _write)
    at = microseconds(received.time)
    for figure, by in changes.items():
        sum_, latest = pending.get((received.movement, figure), (0, at))
        pending[received.movement, figure] = (sum_ + by, max(latest, at))


def totals(session: orm.Session, movement: str) -> Totals:
    """The totals of a movement."""
    rows = store.totals(session, movement)
    latest = max((as_of for _, _, as_of in rows), default=None)
    return Totals({figure: value for figure, value, _ in rows}, None if latest is None else from_microseconds(latest))


def _write(session: Session) -> None:
    pending: dict[tuple[str, str], _Change] = session.info.pop(_PENDING)
    table = CopiedTotal if to_copy(session) else Total
    store.move(session, table, [(*key, *pending[key]) for key in sorted(pending)])


def _digest(session: orm.Session, of_copy: bool) -> str:
    told = hashlib.sha256()
    for row in store.every_total(session, CopiedTotal if of_copy else Total):
        told.update("\t".join(map(str, row)).encode() + b"\n")
    return told.hexdigest()


PROJECTION = Projection(_digest, store.swap, store.clear_copy)
"""How the totals are made anew from the log."""
