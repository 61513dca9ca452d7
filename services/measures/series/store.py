"""The one SQL statement by which figures are read to be shown, compared and rolled up: the newest known revision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.disclosure.sharing import Sharing
from services.measures.imports.models import Import
from services.measures.observations.models import Amount, Observation
from shared.db.hot import Hot, Row, hot
from shared.db.lists import among, as_array, json_list
from shared.db.types import from_microseconds, microseconds


def _given(name: str, kind: type[sa.Text] | type[sa.BigInteger] = sa.Text) -> sa.BindParameter[Any]:
    return sa.bindparam(name, type_=kind)


class Known(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The newest revision of one figure: its key, what it says, since when it is known (µs), and its source."""

    id: str
    version: str
    place: str
    period: str
    start: str
    end: str
    cell: str
    reporter: str
    programme: str
    activity: str
    revision: int
    amount: Amount
    recorded: int
    provenance: str | None
    sharing: Sharing = Sharing.NOT_FOR_SHARING


moment = lru_cache(maxsize=1024)(from_microseconds)
"""Of `recorded`. Remembered: the figures of one import were recorded at one moment, and there are thousands of them."""
_read = msgspec.json.Decoder(Known).decode


@dataclass(frozen=True, slots=True)
class Cut:
    """Which figures: None is any. `first` and `last` are ISO days between which the periods start, both included.

    `as_of` is the moment whose knowledge is wanted; None is now.
    """

    versions: Sequence[str]
    places: Sequence[str] | None
    cells: Sequence[str] | None
    first: str | None = None
    last: str | None = None
    reporter: str | None = None
    programme: str | None = None
    activity: str | None = None
    as_of: datetime | None = None


_KEY = (
    Observation.version, Observation.place, Observation.period_start, Observation.cell, Observation.reporter,
    Observation.programme, Observation.activity,
)  # fmt: skip
# In the order of the fields of Known, and within them of Amount.
_SEEN = (
    sa.select(
        as_array(
            Observation.id, Observation.version, Observation.place, Observation.period, Observation.period_start,
            Observation.period_end, Observation.cell, Observation.reporter, Observation.programme,
            Observation.activity, Observation.revision,
            as_array(
                Observation.status, Observation.value, Observation.numerator, Observation.denominator, Observation.n,
                Observation.sum_x, Observation.sum_x2, Observation.bound,
            ),
            sa.type_coerce(Import.recorded_at, sa.BigInteger), Import.provenance,
        )
    )
    .join(Import, (Import.movement == Observation.movement) & (Import.id == Observation.import_id))
    .where(Import.recorded_at.is_not(None))
    .order_by(*_KEY, Observation.revision)
)  # fmt: skip


_MOST_A_PERIOD = 40
"""Revisions of one period, of all its reporters, that are read at most."""
_latest = hot(
    _SEEN.order_by(None)
    .where(
        Observation.movement == _given("movement"), Observation.version == _given("version"),
        Observation.place == _given("place"), Observation.cell == _given("cell"),
        Observation.programme == _given("programme"), Observation.activity == _given("activity"),
        _given("reporter").is_(None) | (Observation.reporter == _given("reporter")),
        _given("as_of", sa.BigInteger).is_(None)
        | (sa.type_coerce(Import.recorded_at, sa.BigInteger) <= _given("as_of", sa.BigInteger)),
    )
    .order_by(Observation.period_start.desc(), Observation.reporter, Observation.revision.desc())
    .limit(_given("most", sa.BigInteger))
)  # fmt: skip
"""The last periods of one series: a scorecard asks it once for each of its measures."""
_by_id = hot(
    _SEEN.order_by(None).where(Observation.movement == _given("movement"), among(Observation.id, "ids"))
)  # fmt: skip


_FILTERS: Mapping[str, sa.ColumnElement[bool]] = {
    "places": among(Observation.place, "places"),
    "cells": among(Observation.cell, "cells"),
    "reporter": Observation.reporter == _given("reporter"),
    "programme": Observation.programme == _given("programme"),
    "activity": Observation.activity == _given("activity"),
    "first": Observation.period_start >= _given("first"),
    "last": Observation.period_start <= _given("last"),
    "as_of": sa.type_coerce(Import.recorded_at, sa.BigInteger) <= _given("as_of", sa.BigInteger),
}


@cache
def _cut(given: tuple[str, ...]) -> Hot:
    """The statement of the cuts that are narrowed by these of :data:`_FILTERS`."""
    of_all = _SEEN.where(Observation.movement == _given("movement"), among(Observation.version, "versions"))
    return hot(of_all.where(*(_FILTERS[name] for name in given)).limit(_given("most", sa.BigInteger)))


def figures(session: Session, movement: str, cut: Cut, limit: int) -> list[Known] | None:
    """Each figure of the cut at its newest revision, by version, place and period; None beyond `limit` revisions."""
    asked = {name: value for name in _FILTERS if (value := getattr(cut, name)) is not None}
    lists = {
        name: json_list(getattr(cut, name))
        for name in ("versions", "places", "cells")
        if getattr(cut, name) is not None
    }
    as_of = {} if cut.as_of is None else {"as_of": microseconds(cut.as_of)}
    rows = _cut(tuple(asked)).rows(session, asked | lists | as_of | {"movement": movement, "most": limit + 1})
    if len(rows) > limit:
        return None
    known = _known(rows)
    if any(each.revision > 1 for each in known):  # they come in order, so the newest of each key is the one that stays
        known = list({_key(each): each for each in known}.values())
    return known


class Spot(NamedTuple):
    """One series: its figures differ in nothing but their periods, and in who reports where `reporter` is None."""

    version: str
    place: str
    cell: str
    reporter: str | None
    programme: str
    activity: str
    as_of: datetime | None


def latest(session: Session, movement: str, spot: Spot, periods: int) -> list[Known]:
    """The figures of a spot's last periods, each at its newest revision, by period.

    Most figures were never revised and have one reporter, so it reads a row a period first, and many only where those
    were not enough; of so many that they are cut off, the earliest period is left out.
    """
    found, starts, limit = list[Known](), list[str](), 0
    for limit in (periods + 1, periods * _MOST_A_PERIOD):
        found = _latest_rows(session, movement, spot, limit)
        starts = sorted({each.start for each in found}, reverse=True)
        if len(found) < limit or len(starts) > periods:
            break
    if len(found) == limit:
        starts = starts[:-1]
    newest: dict[tuple[str, str], Known] = {}
    for each in found:
        if each.start in starts[:periods]:
            newest.setdefault((each.start, each.reporter), each)
    return sorted(newest.values(), key=lambda each: (each.start, each.reporter))


def _latest_rows(session: Session, movement: str, spot: Spot, limit: int) -> list[Known]:
    as_of = None if spot.as_of is None else microseconds(spot.as_of)
    return _known(_latest.rows(session, spot._asdict() | {"movement": movement, "as_of": as_of, "most": limit}))


def by_id(session: Session, movement: str, ids: Sequence[str]) -> dict[str, Known]:
    """Revisions that were known once, whatever is known by now."""
    return {known.id: known for known in _known(_by_id.rows(session, {"movement": movement, "ids": json_list(ids)}))}


def _known(rows: Sequence[Row]) -> list[Known]:
    return [_read(text) for (text,) in rows]


_key = attrgetter("version", "place", "start", "cell", "reporter", "programme", "activity")
"""All that tells one figure from another: :data:`_KEY`."""
