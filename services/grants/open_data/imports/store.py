"""Every SQL statement about imports and other funders' grants."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.grants.open_data.imports.models import ExternalGrant, GrantsImport


class Wanted(NamedTuple):
    """Which grants are asked for; None: whichever."""

    funder: str | None = None
    recipient: str | None = None
    place: str | None = None
    awarded_from: date | None = None
    awarded_until: date | None = None
    valid: bool | None = None
    import_id: str | None = None


def add(session: Session, row: GrantsImport) -> None:
    """Insert an import, at once."""
    session.add(row)
    session.flush()


def find(session: Session, movement: str, job: str) -> GrantsImport | None:
    """An import of the movement."""
    return session.get(GrantsImport, (movement, job))


def list_imports(session: Session, movement: str, *, after: str, limit: int) -> Sequence[GrantsImport]:
    """Imports in the order in which they were asked for, those after ``after`` first."""
    query = sa.select(GrantsImport).where(GrantsImport.movement == movement, GrantsImport.id > after)
    return session.scalars(query.order_by(GrantsImport.id).limit(limit)).all()


def reveal(session: Session, movement: str, job: str, at: datetime) -> None:
    """Show all grants of an import at once."""
    one = (GrantsImport.movement == movement) & (GrantsImport.id == job)
    session.execute(sa.update(GrantsImport).where(one).values(revealed_at=at))


def digests(session: Session, movement: str, grant_ids: Collection[str]) -> Mapping[str, str]:
    """What the grants of these identifiers come to that are seen now."""
    seen = _seen(movement).where(ExternalGrant.grant_id.in_(grant_ids)).subquery()
    rows = session.execute(sa.select(seen.c.grant_id, seen.c.digest))
    return dict(rows.all())


def insert(session: Session, rows: Sequence[Mapping[str, object]]) -> None:
    """Stage grants of an import that nobody sees yet."""
    if rows:
        session.execute(sa.insert(ExternalGrant), [dict(row) for row in rows])


def staged(session: Session, movement: str, job: str, after: str, limit: int) -> Sequence[tuple[str, str]]:
    """Id and identifier of some grants of an import, those behind ``after``."""
    query = sa.select(ExternalGrant.id, ExternalGrant.grant_id).where(
        ExternalGrant.movement == movement, ExternalGrant.import_id == job, ExternalGrant.id > after
    )
    return list(session.execute(query.order_by(ExternalGrant.id).limit(limit)))


def drop_others(session: Session, movement: str, job: str, grant_ids: Collection[str]) -> None:
    """Delete what an import has replaced."""
    session.execute(
        sa.delete(ExternalGrant).where(
            ExternalGrant.movement == movement,
            ExternalGrant.grant_id.in_(grant_ids),
            ExternalGrant.import_id != job,
        )
    )


def forget_some(session: Session, movement: str, job: str, limit: int) -> bool:
    """Delete some grants of an import; whether there were any."""
    some = [staged_id for staged_id, _ in staged(session, movement, job, "", limit)]
    session.execute(sa.delete(ExternalGrant).where(ExternalGrant.movement == movement, ExternalGrant.id.in_(some)))
    return bool(some)


def find_grant(session: Session, movement: str, id: str) -> ExternalGrant | None:
    """A grant that is seen."""
    return session.scalar(_seen(movement).where(ExternalGrant.id == id))


def list_grants(session: Session, movement: str, wanted: Wanted, *, after: str, limit: int) -> Sequence[ExternalGrant]:
    """The grants that are seen and asked for, in the order in which they were taken."""
    query = _seen(movement).where(ExternalGrant.id > after)
    for column, value in (
        (ExternalGrant.funder, wanted.funder),
        (ExternalGrant.recipient, wanted.recipient),
        (ExternalGrant.place, wanted.place),
        (ExternalGrant.import_id, wanted.import_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.valid is not None:
        query = query.where(ExternalGrant.valid.is_(wanted.valid))
    if wanted.awarded_from is not None:
        query = query.where(ExternalGrant.awarded_on >= wanted.awarded_from)
    if wanted.awarded_until is not None:
        query = query.where(ExternalGrant.awarded_on <= wanted.awarded_until)
    return session.scalars(query.order_by(ExternalGrant.id).limit(limit)).all()


def _seen(movement: str) -> sa.Select[ExternalGrant]:
    """Of each identifier, the grant of the newest import that was revealed: ids of imports are in the order of time."""
    newer, of_newer = aliased(ExternalGrant), aliased(GrantsImport)
    replaced = (
        sa.select(newer.id)
        .join(of_newer, sa.and_(of_newer.movement == newer.movement, of_newer.id == newer.import_id))
        .where(
            newer.movement == ExternalGrant.movement,
            newer.grant_id == ExternalGrant.grant_id,
            newer.import_id > ExternalGrant.import_id,
            of_newer.revealed_at.is_not(None),
        )
    )
    return (
        sa.select(ExternalGrant)
        .join(
            GrantsImport,
            sa.and_(GrantsImport.movement == ExternalGrant.movement, GrantsImport.id == ExternalGrant.import_id),
        )
        .where(ExternalGrant.movement == movement, GrantsImport.revealed_at.is_not(None), ~replaced.exists())
    )
