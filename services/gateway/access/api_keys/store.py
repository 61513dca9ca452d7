"""Every statement about API keys. A platform key has no movement, and is found only by another platform key."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.access.api_keys.models import ApiKey
from shared.db.hot import hot


def find(session: orm.Session, movement: str, key: str, *, platform: bool) -> ApiKey | None:
    """A key of this movement; with ``platform`` also one of the platform."""
    return session.scalar(sa.select(ApiKey).where(_visible(movement, platform), ApiKey.id == key))


def page(session: orm.Session, movement: str, after: str, limit: int, *, platform: bool) -> Sequence[ApiKey]:
    """Keys in the order of their ids, behind the one given (empty: from the first); revoked and expired ones too."""
    statement = sa.select(ApiKey).where(_visible(movement, platform), ApiKey.id > after).order_by(ApiKey.id)
    return session.scalars(statement.limit(limit)).all()


def live_made_by(session: orm.Session, movement: str, user: str) -> Sequence[ApiKey]:
    """The keys that a user made and that are not revoked, in the order of their ids."""
    live = (ApiKey.movement == movement, ApiKey.created_by == user, ApiKey.revoked_at.is_(None))
    return session.scalars(sa.select(ApiKey).where(*live).order_by(ApiKey.id)).all()


def revoke_made_by(session: orm.Session, movement: str, user: str, at: datetime) -> None:
    """Revoke every live key that a user made."""
    live = (ApiKey.movement == movement, ApiKey.created_by == user, ApiKey.revoked_at.is_(None))
    session.execute(sa.update(ApiKey).where(*live).values(revoked_at=at))


_used = hot(sa.update(ApiKey).where(ApiKey.id == sa.bindparam("key")).values(last_used_at=sa.bindparam("at")))


def mark_used(session: orm.Session, used: Iterable[tuple[str, int]]) -> None:
    """Note when keys were last used, in microseconds: housekeeping over every movement, in the order of the ids."""
    _used.many(session, [{"key": key, "at": at} for key, at in sorted(used)])


def _visible(movement: str, platform: bool) -> sa.ColumnElement[bool]:
    own = ApiKey.movement == movement
    return sa.or_(own, ApiKey.movement.is_(None)) if platform else own
