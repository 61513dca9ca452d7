"""SQL over any table, one row or a few at a time: what merging reads and changes without knowing what it is."""

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import Alike
from services.members.directory.merging.references import MOVEMENT, Reference, Unique, key_columns
from services.members.directory.merging.steps import Row

_AT_ONCE = {"synchronize_session": False}


def where(
    session: Session, movement: str, table: sa.Table, columns: Mapping[str, object], *, lock: bool
) -> Sequence[Row]:
    """The rows that have these values, in the order of their keys; ``lock`` keeps others from changing them."""
    query = _select(movement, table, columns).order_by(*(table.c[name] for name in key_columns(table)))
    if lock:
        query = query.with_for_update()
    return [_row(row) for row in session.execute(query).mappings()]


def find(session: Session, movement: str, table: sa.Table, key: Mapping[str, object]) -> Row | None:
    """The row of a key."""
    row = session.execute(_select(movement, table, key)).mappings().one_or_none()
    return None if row is None else _row(row)


def key_of(table: sa.Table, row: Row) -> dict[str, object]:
    """The key of a row."""
    return {name: row[name] for name in key_columns(table)}


def clash(
    session: Session, movement: str, table: sa.Table, unique: Unique, key: Mapping[str, object], row: Row
) -> Row | None:
    """The other row, if any, that keeps the row of this key from having these values."""
    if any(row[name] is None for name in unique.columns):
        return None
    if unique.flag is not None:
        if not row[unique.flag]:
            return None
    elif unique.where is not None and not _is_one_of(session, movement, table, key, unique.where):
        return None
    same = _select(movement, table, {name: row[name] for name in unique.columns})
    others = same.where(sa.not_(sa.and_(*_equal(table, key))))
    if unique.where is not None:
        others = others.where(sa.text(unique.where))
    found = session.execute(others.limit(1)).mappings().one_or_none()
    return None if found is None else _row(found)


def alike(
    session: Session, movement: str, table: sa.Table, rule: Alike, key: Mapping[str, object], row: Row
) -> Sequence[Row]:
    """The other rows that say the same as the row of this key does with these values."""
    if not _is_one_of(session, movement, table, key, rule.among):
        return ()
    same = sa.or_(*(sa.and_(*_equal(table, said)) for said in rule.ways(row)))
    others = _select(movement, table, {}).where(same, sa.text(rule.among), sa.not_(sa.and_(*_equal(table, key))))
    ordered = others.order_by(*(table.c[name] for name in key_columns(table)))
    return [_row(found) for found in session.execute(ordered).mappings()]


def refers_to_something(
    session: Session, movement: str, references: Iterable[tuple[Reference, sa.Table]], row: Row
) -> bool:
    """Whether everything that the row refers to is there."""
    for reference, parent in references:
        wanted = {of: row[name] for name, of in reference.columns.items()}
        if None not in wanted.values() and session.execute(_select(movement, parent, wanted).limit(1)).first() is None:
            return False
    return True


def insert(session: Session, movement: str, table: sa.Table, row: Row) -> None:
    """Insert a row; what the database computes by itself it computes again."""
    values = {name: value for name, value in row.items() if table.c[name].computed is None}
    session.execute(sa.insert(table).values({MOVEMENT: movement, **_sent(values)}))


def update(
    session: Session, movement: str, table: sa.Table, key: Mapping[str, object], values: Mapping[str, object]
) -> None:
    """Change columns of the row of a key."""
    statement = sa.update(table).where(table.c[MOVEMENT] == movement, *_equal(table, key)).values(_sent(values))
    session.execute(statement, execution_options=_AT_ONCE)


def delete(session: Session, movement: str, table: sa.Table, key: Mapping[str, object]) -> None:
    """Delete the row of a key, if it is there."""
    statement = sa.delete(table).where(table.c[MOVEMENT] == movement, *_equal(table, key))
    session.execute(statement, execution_options=_AT_ONCE)


def _select(movement: str, table: sa.Table, columns: Mapping[str, object]) -> sa.Select[tuple[object, ...]]:
    shown = [column for column in table.columns if column.name != MOVEMENT]
    return sa.select(*shown).where(table.c[MOVEMENT] == movement, *_equal(table, columns))


def _is_one_of(session: Session, movement: str, table: sa.Table, key: Mapping[str, object], condition: str) -> bool:
    return session.execute(_select(movement, table, key).where(sa.text(condition))).first() is not None


def _sent(row: Row) -> dict[str, object]:
    # SQL's null, on a JSON column too, where a None would become the JSON null
    return {name: sa.null() if value is None else value for name, value in row.items()}


def _equal(table: sa.Table, columns: Mapping[str, object]) -> list[sa.ColumnElement[bool]]:
    return [table.c[name] == value for name, value in columns.items()]


def _row(row: sa.RowMapping) -> Row:
    return {str(name): value for name, value in row.items()}
