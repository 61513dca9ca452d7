"""Every statement about sessions and sign-ins. What a sign-in reads stands in no movement yet, and is marked so."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.access.movements.models import Movement
from services.gateway.access.rows import insert_if_new
from services.gateway.access.sessions.models import SignInAttempts, UserSession
from services.gateway.access.users.models import User


def find(session: orm.Session, movement: str, record: str) -> UserSession | None:
    """A session of this movement."""
    return session.get(UserSession, (movement, record))


def revoke_all(session: orm.Session, movement: str, user: str, at: datetime, *, keep: str | None = None) -> None:
    """End every session of a user, but the one to keep."""
    live = (UserSession.movement == movement, UserSession.user == user, UserSession.revoked_at.is_(None))
    session.execute(sa.update(UserSession).where(*live, UserSession.id != (keep or "")).values(revoked_at=at))


def count_live(session: orm.Session, movement: str, user: str, at: datetime) -> int:
    """How many sessions of a user are good at that moment."""
    live = (UserSession.movement == movement, UserSession.user == user, UserSession.revoked_at.is_(None))
    statement = sa.select(sa.func.count()).select_from(UserSession).where(*live, UserSession.expires_at > at)
    return session.scalar(statement) or 0


def delete_ended(session: orm.Session, before: datetime) -> None:
    """Forget sessions that expired before a moment, of every movement: housekeeping."""
    session.execute(sa.delete(UserSession).where(UserSession.expires_at < before))


def accounts(session: orm.Session, email: str, slug: str | None) -> Sequence[tuple[User, Movement]]:
    """Before the tenant is known: who could be signing in, at most two. One address may serve in several movements."""
    statement = sa.select(User, Movement).join(Movement, Movement.id == User.movement)
    statement = statement.where(User.email == email, User.ended_at.is_(None)).limit(2)
    if slug is not None:
        statement = statement.where(Movement.slug == slug)
    return [(user, movement) for user, movement in session.execute(statement)]


def attempts(session: orm.Session, address: str, at: datetime) -> SignInAttempts:
    """Before the tenant is known: the count of this address, locked, made where there is none."""
    insert_if_new(session, SignInAttempts, {"address": address, "failures": 0, "failed_at": at})
    statement = sa.select(SignInAttempts).where(SignInAttempts.address == address).with_for_update()
    return session.scalars(statement.execution_options(populate_existing=True)).one()


def forget_attempts(session: orm.Session, address: str) -> None:
    """Before the tenant is known: this address has signed in, so earlier failures count no more."""
    session.execute(sa.delete(SignInAttempts).where(SignInAttempts.address == address))


def delete_attempts(session: orm.Session, before: datetime) -> None:
    """Forget failures that are older than a moment: housekeeping."""
    session.execute(sa.delete(SignInAttempts).where(SignInAttempts.failed_at < before))
