"""Every statement about movements. The table of tenants is no tenant's own; only the platform's routes read it."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.access.movements.models import Movement


def find(session: orm.Session, movement: str, *, lock: bool = False) -> Movement | None:
    """A movement by its id, locked until the transaction ends where it is to be changed."""
    return session.get(Movement, movement, with_for_update=lock or None)


def named(session: orm.Session, slug: str) -> Movement | None:
    """A movement by its slug."""
    return session.scalar(sa.select(Movement).where(Movement.slug == slug))


def page(session: orm.Session, after: str, limit: int) -> Sequence[Movement]:
    """Movements in the order of their ids, behind the one given (empty: from the first)."""
    return session.scalars(sa.select(Movement).where(Movement.id > after).order_by(Movement.id).limit(limit)).all()


def is_empty(session: orm.Session) -> bool:
    """Whether the suite has no movement yet: its first start."""
    return session.scalar(sa.select(Movement.id).limit(1)) is None
