"""Every statement about API keys. A platform key has no movement, and is found only by another platform key."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.access.api_keys.models import ApiKey
from shared.db.hot import hot


def find(session: orm.Session, movement: str, key: str, *, platform: bool, lock: bool = False) -> ApiKey | None:
    """A key of this movement; with ``platform`` also one of the platform. ``lock`` holds its row (PostgreSQL)."""
    statement = sa.select(ApiKey).where(_visible(movement, platform), ApiKey.id == key)
    return session.scalar(statement.with_for_update() if lock else statement)


def page(session: orm.Session, movement: str, after: str, limit: int, *, platform: bool) -> Sequence[ApiKey]:
    """Keys in the order of their ids, behind the one given (empty: from the first); revoked and expired ones too."""
    statement = sa.select(ApiKey).where(_visible(movement, platform), ApiKey.id > after).order_by(ApiKey.id)
    return session.scalars(statement.limit(limit)).all()


def live_made_by(session: orm.Session, movement: str, user: str) -> list[str]:
    """The live keys that a user made, and those that were made with these keys, and so on; in the order of the ids.

    A key may make keys. Without them a key that was revoked could leave another way in.
    """
    live: list[str] = []
    makers = {user}
    while makers:
        made = sa.select(ApiKey.id, ApiKey.revoked_at).where(ApiKey.movement == movement, ApiKey.created_by.in_(makers))
        rows = session.execute(made).all()
        live += [key for key, revoked_at in rows if revoked_at is None]
        makers = {key for key, _ in rows}
    return sorted(live)


def revoke_made_by(session: orm.Session, movement: str, user: str, at: datetime) -> None:
    """Revoke every live key that a user made, or that was made with one of them."""
    theirs = (ApiKey.movement == movement, ApiKey.id.in_(live_made_by(session, movement, user)))
    session.execute(sa.update(ApiKey).where(*theirs).values(revoked_at=at))


_used = hot(sa.update(ApiKey).where(ApiKey.id == sa.bindparam("key")).values(last_used_at=sa.bindparam("at")))


def mark_used(session: orm.Session, used: Iterable[tuple[str, int]]) -> None:
    """Note when keys were last used, in microseconds: housekeeping over every movement, in the order of the ids."""
    _used.many(session, [{"key": key, "at": at} for key, at in sorted(used)])


def _visible(movement: str, platform: bool) -> sa.ColumnElement[bool]:
    own = ApiKey.movement == movement
    return sa.or_(own, ApiKey.movement.is_(None)) if platform else own
