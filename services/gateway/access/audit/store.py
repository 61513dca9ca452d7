"""Every statement of the audit: it is appended to and read, and that is all."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.access.audit.models import AuditEntry, AuditHead
from services.gateway.access.rows import insert_if_new


def locked_head(session: orm.Session, movement: str, beginning: str) -> AuditHead:
    """The end of a movement's chain, locked (PostgreSQL) until commit; made where there is none."""
    insert_if_new(session, AuditHead, {"movement": movement, "number": 0, "digest": beginning})
    statement = sa.select(AuditHead).where(AuditHead.movement == movement).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def page(
    session: orm.Session, movement: str, before: int | None, wanted: Mapping[str, str], limit: int
) -> Sequence[AuditEntry]:
    """Entries of a movement, the newest first, before a number; ``wanted`` holds columns to what they are to say."""
    statement = sa.select(AuditEntry).where(AuditEntry.movement == movement).filter_by(**wanted)
    if before is not None:
        statement = statement.where(AuditEntry.number < before)
    return session.scalars(statement.order_by(AuditEntry.number.desc()).limit(limit)).all()


def following(session: orm.Session, movement: str, after: int, limit: int) -> Sequence[AuditEntry]:
    """Entries of a movement in their order, behind a number."""
    statement = sa.select(AuditEntry).where(AuditEntry.movement == movement, AuditEntry.number > after)
    return session.scalars(statement.order_by(AuditEntry.number).limit(limit)).all()


def heads(session: orm.Session) -> Sequence[AuditHead]:
    """The ends of all chains, for whoever verifies them: housekeeping over every movement."""
    return session.scalars(sa.select(AuditHead).order_by(AuditHead.movement)).all()
