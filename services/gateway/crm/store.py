"""What the API reads of CRM connections, always of one movement."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.crm.models import Call, Connection, Errand, Link, State, Waiting

_ORGANISATION = "org_"
"""With what the ids of organisations begin."""


class Counts(NamedTuple):
    """How many people and organisations a CRM has, is still to be told of or to forget, and refused."""

    waiting: int = 0
    stuck: int = 0
    linked: int = 0
    linked_organisations: int = 0
    to_forget: int = 0


class Left(NamedTuple):
    """What of ours is in a CRM: records that we had made, such that were there before, and those of who is erased."""

    made: int
    found: int
    erased: int


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
    stuck, forgets = _those(Waiting.stuck), _those(Waiting.errand == Errand.FORGET)
    waits = (
        sa.select(Waiting.connection, sa.func.count(), stuck, forgets)
        .where(Waiting.movement == movement, Waiting.connection.in_(connections))
        .group_by(Waiting.connection)
    )
    has = (
        sa.select(Link.connection, sa.func.count(), _those(Link.subject.startswith(_ORGANISATION, autoescape=True)))
        .where(Link.movement == movement, Link.connection.in_(connections))
        .group_by(Link.connection)
    )
    found = {connection: Counts() for connection in connections}
    for connection, linked, organisations in session.execute(has):
        found[connection] = Counts(linked=linked - int(organisations), linked_organisations=int(organisations))
    for connection, waiting, refused, to_forget in session.execute(waits):
        told = waiting - int(refused) - int(to_forget)
        found[connection] = found[connection]._replace(waiting=told, stuck=int(refused), to_forget=int(to_forget))
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
    return session.scalars(query.where(Waiting.subject > after).order_by(Waiting.subject).limit(limit)).all()


def forget_subjects(session: orm.Session, movement: str, connection: str) -> None:
    """Delete what a connection that has ended knew of people and organisations."""
    for table in (Waiting, Link):
        session.execute(sa.delete(table).where(table.movement == movement, table.connection == connection))


def forget_waiting(session: orm.Session, movement: str, connection: str) -> None:
    """Tell a CRM of nobody any more; whom it is to forget it forgets."""
    this = (Waiting.movement == movement, Waiting.connection == connection, Waiting.errand != Errand.FORGET)
    session.execute(sa.delete(Waiting).where(*this))


def try_again(session: orm.Session, movement: str, connection: str, now: int) -> None:
    """Have everybody of whom a CRM is still to be told tried at once, and whom it refused once more."""
    this = (Waiting.movement == movement, Waiting.connection == connection)
    session.execute(sa.update(Waiting).where(*this).values(stuck=False, attempts=0, due_at=now))


def left(session: orm.Session, movement: str, connection: str) -> Left:
    """What of ours is in a CRM."""
    of = (Link.movement == movement, Link.connection == connection)
    erased = sa.exists().where(
        Waiting.movement == Link.movement, Waiting.connection == Link.connection, Waiting.subject == Link.subject,
        Waiting.erasure.is_not(None),
    )  # fmt: skip
    every, made, gone = session.execute(sa.select(sa.func.count(), _those(Link.made), _those(erased)).where(*of)).one()
    return Left(made=int(made or 0), found=every - int(made or 0), erased=int(gone or 0))


def erasures(session: orm.Session, movement: str, connection: str) -> Sequence[str]:
    """The erasures for which a CRM is still to forget somebody."""
    this = (Waiting.movement == movement, Waiting.connection == connection, Waiting.erasure.is_not(None))
    return sorted({erasure for erasure in session.scalars(sa.select(Waiting.erasure).where(*this)) if erasure})


def has_links(session: orm.Session, movement: str, connection: str) -> bool:
    """Whether a CRM has anybody or anything of ours."""
    this = (Link.movement == movement, Link.connection == connection)
    return session.scalar(sa.select(sa.literal(1)).select_from(Link).where(*this).limit(1)) is not None


def links_after(session: orm.Session, movement: str, connection: str, after: str, limit: int) -> Sequence[str]:
    """Whom and what a CRM has, in the order of our ids, behind ``after``."""
    query = sa.select(Link.subject).where(Link.movement == movement, Link.connection == connection)
    return session.scalars(query.where(Link.subject > after).order_by(Link.subject).limit(limit)).all()


def _those(condition: sa.ColumnExpressionArgument[bool]) -> sa.ColumnElement[int]:
    """How many rows meet a condition."""
    return sa.func.sum(sa.case((condition, 1), else_=0))
