"""What the API reads of CRM connections, always of one movement."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.crm.models import Call, Connection, Link, State, Waiting


class Counts(NamedTuple):
    """How many people a CRM has, is still to be told of, and refused."""

    waiting: int = 0
    stuck: int = 0
    linked: int = 0


class Standing(NamedTuple):
    """A connection and how far it is."""

    connection: Connection
    counts: Counts


def find(session: orm.Session, movement: str, id_: str, *, lock: bool = False) -> Connection | None:
    """A connection that has not ended; `lock` keeps others from changing it until commit."""
    found = session.get(Connection, (movement, id_), with_for_update=lock or None)
    return None if found is None or found.status == State.ENDED else found


def page(session: orm.Session, movement: str, after: str, limit: int) -> Sequence[Connection]:
    """Connections, the oldest first, behind the one with the id ``after``."""
    live = sa.select(Connection).where(Connection.movement == movement, Connection.status != State.ENDED)
    return session.scalars(live.where(Connection.id > after).order_by(Connection.id).limit(limit)).all()


def count(session: orm.Session, movement: str) -> int:
    """How many a movement has."""
    live = sa.select(sa.func.count()).where(Connection.movement == movement, Connection.status != State.ENDED)
    return session.scalar(live) or 0


def counts(session: orm.Session, movement: str, connections: Sequence[str]) -> Mapping[str, Counts]:
    """How far each of some connections is."""
    stuck = sa.func.sum(sa.case((Waiting.stuck, 1), else_=0))
    waits = (
        sa.select(Waiting.connection, sa.func.count(), stuck)
        .where(Waiting.movement == movement, Waiting.connection.in_(connections))
        .group_by(Waiting.connection)
    )
    has = (
        sa.select(Link.connection, sa.func.count())
        .where(Link.movement == movement, Link.connection.in_(connections))
        .group_by(Link.connection)
    )
    linked: dict[str, int] = dict(session.execute(has).all())
    found = {connection: Counts(linked=linked.get(connection, 0)) for connection in connections}
    for connection, waiting, refused in session.execute(waits):
        found[connection] = found[connection]._replace(waiting=waiting - int(refused), stuck=int(refused))
    return found


def calls(session: orm.Session, movement: str, connection: str, before: int | None, limit: int) -> Sequence[Call]:
    """Calls of a connection, the newest first, before the one with the number ``before``."""
    query = sa.select(Call).where(Call.movement == movement, Call.connection == connection)
    if before is not None:
        query = query.where(Call.id < before)
    return session.scalars(query.order_by(Call.id.desc()).limit(limit)).all()


def waiting(session: orm.Session, movement: str, connection: str, after: str, limit: int) -> Sequence[Waiting]:
    """Whom a CRM is still to be told of, in the order of their ids, behind ``after``."""
    query = sa.select(Waiting).where(Waiting.movement == movement, Waiting.connection == connection)
    return session.scalars(query.where(Waiting.person > after).order_by(Waiting.person).limit(limit)).all()


def forget_people(session: orm.Session, movement: str, connection: str) -> None:
    """Delete what a connection that has ended knew of people."""
    for table in (Waiting, Link):
        session.execute(sa.delete(table).where(table.movement == movement, table.connection == connection))


def try_again(session: orm.Session, movement: str, connection: str, now: int) -> None:
    """Have everybody of whom a CRM is still to be told tried at once, and whom it refused once more."""
    this = (Waiting.movement == movement, Waiting.connection == connection)
    session.execute(sa.update(Waiting).where(*this).values(stuck=False, attempts=0, due_at=now))
