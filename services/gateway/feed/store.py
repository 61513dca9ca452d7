"""The feed's SQL: hot statements, for every event of the suite passes here."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from services.gateway.feed.cloudevents import Item
from services.gateway.feed.filters import Filter
from services.gateway.feed.models import FeedHead, FeedItem
from shared.db.hot import Hot, Value, hot
from shared.db.lists import among, json_list
from shared.db.session import of

item_columns = FeedItem.__table__.c
"""In the order of :class:`Item`."""

_append = hot(sa.insert(FeedItem))
_take = hot(
    sa.update(FeedHead)
    .where(FeedHead.movement == sa.bindparam("of"))
    .values(position=FeedHead.position + sa.bindparam("count"))
    .returning(FeedHead.position)
)
_begin = {
    "sqlite": hot(sqlite.insert(FeedHead).on_conflict_do_nothing()),
    "postgresql": hot(postgresql.insert(FeedHead).on_conflict_do_nothing()),
}
_of_subject = (
    sa.select(*FeedItem.__table__.c)
    .where(FeedItem.movement == sa.bindparam("movement"), FeedItem.service == sa.bindparam("service"))
    .where(FeedItem.key == sa.bindparam("key"), FeedItem.sequence < sa.bindparam("before"))
    .order_by(FeedItem.sequence.desc())
    .limit(sa.bindparam("limit"))
)
_earlier, _earlier_of_types = hot(_of_subject), hot(_of_subject.where(among(FeedItem.type, "types")))
_head = hot(sa.select(FeedHead.position).where(FeedHead.movement == sa.bindparam("movement")))
_first = hot(sa.select(sa.func.min(FeedItem.position)).where(FeedItem.movement == sa.bindparam("movement")))
_recorded_at = hot(
    sa.select(FeedItem.recorded_at).where(
        FeedItem.movement == sa.bindparam("movement"), FeedItem.position == sa.bindparam("position")
    )
)


def take_positions(session: orm.Session, movement: str, count: int) -> int:
    """Take the next positions and answer the first. The head stays locked until commit, so nobody commits between."""
    parameters: Mapping[str, Value] = {"of": movement, "count": count}
    row = _take.one(session, parameters)
    if row is None:
        _begin[of(session).dialect.name].run(session, {"movement": movement, "position": 0})
        row = _take.one(session, parameters)
    if row is None:
        raise RuntimeError("the database returned no position")
    last: int = row[0]
    return last - count + 1


def append(session: orm.Session, items: Sequence[Item]) -> None:
    """Insert items, of any movements; their positions were taken in this transaction."""
    _append.many(session, [{name: getattr(item, name) for name in Item.__struct_fields__} for item in items])


def head(session: orm.Session, movement: str) -> int:
    """The position of the movement's newest item; 0 before the first."""
    row = _head.one(session, {"movement": movement})
    return row[0] if row else 0


def first(session: orm.Session, movement: str) -> int:
    """The position of the oldest item that the feed still has; 1 where it has none."""
    row = _first.one(session, {"movement": movement})
    return 1 if row is None or row[0] is None else int(row[0])


def recorded_at(session: orm.Session, movement: str, position: int) -> int:
    """When an item entered the feed, in microseconds since 1970."""
    row = _recorded_at.one(session, {"movement": movement, "position": position})
    if row is None:
        raise LookupError(f"the feed has no position {position}")
    at: int = row[0]
    return at


def matching(
    session: orm.Session, movement: str, after: int, through: int, types: Sequence[str] | None, limit: int
) -> list[tuple[Item, Mapping[str, int]]]:
    """Items of these types (None: of all) with after < position ≤ through, in order, at most `limit`.

    Beside each item stands, for every given type that came before of the same key, its last sequence then.
    """
    names = list(types or ())
    bound = {f"type_{number}": name for number, name in enumerate(names)}
    place: Mapping[str, Value] = {"movement": movement, "after": after, "through": through, "limit": limit, **bound}
    if types is not None and not types:
        return []
    rows = _matching(None if types is None else len(names)).rows(session, place)
    width = len(item_columns)
    return [
        (Item(*row[:width]), {name: last for name, last in zip(names, row[width:], strict=True) if last is not None})
        for row in rows
    ]


def previous_of(wanted: Filter, item: Item, before: Mapping[str, int]) -> int | None:
    """The sequence of the last event of the item's key, before it, that the filter wants; None where it is the first.

    The feed holds every event of a key, so that whoever wants everything has the one before.
    """
    if wanted.everything:
        return item.sequence - 1 or None
    return max((last for event_type, last in before.items() if wanted.wants(event_type)), default=None)


def earlier(session: orm.Session, item: Item, before: int, types: Sequence[str] | None, limit: int) -> list[Item]:
    """Events of the item's subject with a lower sequence than `before`, of these types (None: of all), latest first."""
    place: Mapping[str, Value] = {
        "movement": item.movement, "service": item.service, "key": item.key, "before": before, "limit": limit,
        "types": json_list(types or ()),
    }  # fmt: skip
    return [Item(*row) for row in (_earlier if types is None else _earlier_of_types).rows(session, place)]


class Slice(NamedTuple):
    """A part of a movement's feed: the positions in it, and of whom, if of one subject only, with which sequences.

    Of each span the first is left out, and the last is in it.
    """

    positions: tuple[int, int]
    subject: tuple[str, str] | None = None
    sequences: tuple[int, int] = (0, 2**62)


def within(session: orm.Session, movement: str, part: Slice, types: Sequence[str] | None, limit: int) -> list[Item]:
    """The items of a part of the feed that are of these types (None: of all), in order, at most `limit`."""
    service, key = part.subject or ("", "")
    place: Mapping[str, Value] = {
        "movement": movement, "after": part.positions[0], "through": part.positions[1], "limit": limit,
        "types": json_list(types or ()), "service": service, "key": key, "above": part.sequences[0],
        "up_to": part.sequences[1],
    }  # fmt: skip
    wanted = _within(part.subject is not None, types is not None)
    return [Item(*row) for row in wanted.rows(session, place)]


@lru_cache(maxsize=4)
def _within(of_subject: bool, of_types: bool) -> Hot:
    f = FeedItem.__table__.c
    wanted = sa.select(*f).where(f.movement == sa.bindparam("movement"))
    wanted = wanted.where(f.position > sa.bindparam("after"), f.position <= sa.bindparam("through"))
    if of_subject:
        wanted = wanted.where(f.service == sa.bindparam("service"), f.key == sa.bindparam("key"))
        wanted = wanted.where(f.sequence > sa.bindparam("above"), f.sequence <= sa.bindparam("up_to"))
    if of_types:
        wanted = wanted.where(among(f.type, "types"))
    return hot(wanted.order_by(f.position).limit(sa.bindparam("limit")))


@lru_cache(maxsize=256)
def _matching(types: int | None) -> Hot:
    f = FeedItem.__table__.c
    wanted = [sa.bindparam(f"type_{number}", type_=sa.Text()) for number in range(types or 0)]
    statement = (
        sa.select(*f, *[_last_of(name) for name in wanted])
        .where(f.movement == sa.bindparam("movement"))
        .where(f.position > sa.bindparam("after"), f.position <= sa.bindparam("through"))
        .order_by(f.position)
        .limit(sa.bindparam("limit"))
    )
    return hot(statement if types is None else statement.where(sa.or_(*[f.type == name for name in wanted])))


def _last_of(event_type: "sa.BindParameter[str]") -> "sa.ScalarSelect[int]":
    """The last sequence of a type before the item, of the same key: one seek in an index."""
    outer, inner = FeedItem.__table__.c, FeedItem.__table__.alias().c
    return (
        sa.select(sa.func.max(inner.sequence))
        .where(inner.movement == outer.movement, inner.service == outer.service, inner.key == outer.key)
        .where(inner.type == event_type, inner.sequence < outer.sequence)
        .scalar_subquery()
    )
