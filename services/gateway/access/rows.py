"""One statement that both databases have, each in its own words: insert a row unless it is there already."""

from collections.abc import Callable, Mapping

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import postgresql, sqlite

from services.gateway.base import Base

_INSERT: Mapping[str, Callable[[type[Base]], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


def insert_if_new(session: orm.Session, model: type[Base], values: Mapping[str, object]) -> bool:
    """Insert a row; False where a key of it is taken, which may have happened in a transaction beside this one."""
    insert = _INSERT[session.get_bind().dialect.name]
    statement = insert(model).values(values).on_conflict_do_nothing().returning(sa.literal(1))
    return session.scalar(statement) is not None
