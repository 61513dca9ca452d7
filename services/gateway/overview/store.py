"""Every statement of the overview: its totals, and how far its consumer has come."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from services.gateway.overview.models import CopiedTotal, Total
from shared.db.hot import Hot, hot
from shared.db.infrastructure import inbox, parked_key
from shared.db.session import of

Table = type[Total] | type[CopiedTotal]
"""What is read, or the copy that a rebuild fills."""

_COLUMNS = ("movement", "figure", "value", "as_of")


def _upsert(table: Table, insert: type[sqlite.Insert] | type[postgresql.Insert]) -> Hot:
    statement = insert(table).values({name: sa.bindparam(name) for name in _COLUMNS})
    latest = sa.case((statement.excluded.as_of > table.as_of, statement.excluded.as_of), else_=table.as_of)
    moved = {"value": table.value + statement.excluded.value, "as_of": latest}
    return hot(statement.on_conflict_do_update(index_elements=["movement", "figure"], set_=moved), distinct=True)


_move: dict[tuple[Table, str], Hot] = {
    (table, dialect): _upsert(table, insert)
    for table in (Total, CopiedTotal)
    for dialect, insert in (("sqlite", sqlite.Insert), ("postgresql", postgresql.Insert))
}
_totals = hot(sa.select(Total.figure, Total.value, Total.as_of).where(Total.movement == sa.bindparam("tenant")))


def move(session: orm.Session, table: Table, changes: Iterable[tuple[str, str, int, int]]) -> None:
    """Add to totals: rows of movement, figure, how much, and the moment in microseconds."""
    _move[table, of(session).dialect.name].many(
        session,
        [{"movement": movement, "figure": figure, "value": by, "as_of": at} for movement, figure, by, at in changes],
    )


def totals(session: orm.Session, movement: str) -> list[tuple[str, int, int]]:
    """Every total of a movement: figure, value, and the moment in microseconds."""
    return _totals.rows(session, {"tenant": movement})


def every_total(session: orm.Session, table: Table) -> Sequence[tuple[str, str, int, datetime]]:
    """Every movement's totals: movement, figure, value, and the moment, in the order of their keys."""
    # Sorted here: a digest must not depend on how a database collates.
    return sorted((row[0], row[1], row[2], row[3]) for row in session.execute(_all(table)))


def swap(session: orm.Session) -> None:
    """Let what is read be what the copy has."""
    session.execute(sa.delete(Total))
    session.execute(sa.insert(Total).from_select(_COLUMNS, _all(CopiedTotal)))


def clear_copy(session: orm.Session) -> None:
    """Empty the copy."""
    session.execute(sa.delete(CopiedTotal))


def _all(table: Table) -> "sa.Select[str, str, int, datetime]":
    return sa.select(table.movement, table.figure, table.value, table.as_of)


_reached = hot(
    sa.select(inbox.c.sequence)
    .where(inbox.c.consumer == sa.bindparam("who"))
    .where(inbox.c.service == sa.bindparam("owner"))
    .where(inbox.c.key == sa.bindparam("of"))
    .where(inbox.c.movement == sa.bindparam("tenant"))
)
_is_parked = hot(
    sa.select(parked_key.c.key)
    .where(parked_key.c.consumer == sa.bindparam("who"))
    .where(parked_key.c.service == sa.bindparam("owner"))
    .where(parked_key.c.key == sa.bindparam("of"))
    .where(parked_key.c.movement == sa.bindparam("tenant"))
)
_any_parked = hot(
    sa.select(parked_key.c.key)
    .where(parked_key.c.consumer == sa.bindparam("who"))
    .where(parked_key.c.movement == sa.bindparam("tenant"))
    .limit(1)
)


def reached(session: orm.Session, movement: str, consumer: str, service: str, key: str) -> int:
    """The last sequence of a key that a consumer has applied; 0 for an unknown key and for another movement's."""
    row = _reached.one(session, {"who": consumer, "owner": service, "of": key, "tenant": movement})
    return 0 if row is None else int(row[0])


def is_parked(session: orm.Session, movement: str, consumer: str, service: str, key: str) -> bool:
    """Whether a consumer has set this key of the movement aside."""
    where = {"who": consumer, "owner": service, "of": key, "tenant": movement}
    return _is_parked.one(session, where) is not None


def any_parked(session: orm.Session, movement: str, consumer: str) -> bool:
    """Whether a consumer has set any key of the movement aside."""
    return _any_parked.one(session, {"who": consumer, "tenant": movement}) is not None
