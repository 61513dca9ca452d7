"""From a bearer token to a caller: one look-up by the token's digest, and for a platform key the movement it named.

The tenant comes from the credential. Only a platform key chooses one, by id or slug in `Backbone-Movement`.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.access import scopes
from services.gateway.access.api_keys.models import ApiKey
from services.gateway.access.callers import Caller, Kind
from services.gateway.access.movements.models import Movement
from services.gateway.access.oauth.tokens import AccessToken
from services.gateway.access.sessions.models import UserSession
from services.gateway.access.users.models import User
from services.gateway.agreements import domain as agreements
from services.gateway.limits import Allowance
from shared.auth import Principal
from shared.coverage import Withheld
from shared.db.hot import hot
from shared.errors import BadRequest, Unauthenticated


class NoCredential(Unauthenticated):
    """No bearer token was sent."""

    code, title = "credential_missing", "An API key or a session's token is needed"


class UnknownCredential(Unauthenticated):
    """No key and no session has this token."""

    code, title = "credential_unknown", "This token is nobody's"


class RevokedCredential(Unauthenticated):
    """The key was revoked, the session signed out, or the account closed."""

    code, title = "credential_revoked", "This token has been revoked"


class ExpiredCredential(Unauthenticated):
    """The key or session has come to its end."""

    code, title = "credential_expired", "This token has expired"


class MovementNotChosen(BadRequest):
    """A platform key named no movement, and there are several."""

    code, title = "movement_needed", "Name the movement in Backbone-Movement, by id or slug"


class UnknownMovement(BadRequest):
    """A platform key named a movement that there is not."""

    code, title = "movement_unknown", "Backbone-Movement names no movement"


class MovementNotYours(BadRequest):
    """A credential of one movement sent the platform's header."""

    code, title = "movement_refused", "Backbone-Movement is for platform keys; this credential has a movement"


def _plain(text: str) -> sa.ColumnElement[str]:
    return sa.literal_column(text, sa.Text)


def _key(expires_at: Any, found_by: sa.ColumnElement[bool]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        _plain("'key'"), ApiKey.id, ApiKey.movement, ApiKey.scopes, ApiKey.organisation, _plain("NULL"), expires_at,
        ApiKey.revoked_at, _plain("NULL"), ApiKey.purpose, ApiKey.addresses,
        ApiKey.per_minute, ApiKey.per_day,
    ).where(found_by)  # fmt: skip


_until_replaced = sa.case((ApiKey.expires_at < ApiKey.previous_until, ApiKey.expires_at), else_=ApiKey.previous_until)
_session = (
    sa.select(
        _plain("'session'"), UserSession.id, UserSession.movement, User.role, User.organisation, User.id,
        UserSession.expires_at, UserSession.revoked_at, User.person, _plain("NULL"), _plain("''"),
        sa.cast(sa.null(), sa.BigInteger), sa.cast(sa.null(), sa.BigInteger),
    )
    .join(User, (User.movement == UserSession.movement) & (User.id == UserSession.user))
    .where(UserSession.digest == sa.bindparam("digest"))
)  # fmt: skip
_credential = hot(
    _key(ApiKey.expires_at, ApiKey.digest == sa.bindparam("digest")).union_all(
        _key(_until_replaced, ApiKey.previous_digest == sa.bindparam("digest")), _session
    )
)
_client = hot(_key(ApiKey.expires_at, ApiKey.id == sa.bindparam("key")))
_movement = hot(
    sa.select(Movement.id).where((Movement.id == sa.bindparam("named")) | (Movement.slug == sa.bindparam("named")))
)
_first_two = hot(sa.select(Movement.id).limit(2))


def authenticate(session: orm.Session, digest: str, named: str | None) -> Caller:
    """The caller whose token has this digest. ``named`` is what Backbone-Movement says.

    Raises UnknownCredential, RevokedCredential, UnknownMovement, MovementNotYours. Expiry is the caller's to look at,
    since it comes without a change. With no movement named and several there, the principal's movement is empty.
    """
    return _caller(session, _credential.one(session, {"digest": digest}), named)


def authenticate_client(session: orm.Session, token: AccessToken, named: str | None) -> Caller:
    """The caller behind an access token: its key, with the scopes that the token carries. Raises as `authenticate`."""
    row = _client.one(session, {"key": token.key})
    caller = _caller(session, row and (*row[:3], token.scopes, *row[4:]), named)
    ends = token.expires_at if caller.expires_at is None else min(token.expires_at, caller.expires_at)
    return replace(caller, expires_at=ends)


def _caller(session: orm.Session, row: Sequence[Any] | None, named: str | None) -> Caller:
    if row is None:
        raise UnknownCredential()
    source, record, movement, granted, organisation, user, expires_at, revoked_at, person, purpose, addresses, *own = (
        row
    )
    if revoked_at is not None:
        raise RevokedCredential()
    kind: Kind = "session" if source == "session" else "key" if movement else "platform"
    if kind == "platform":
        movement = _chosen(session, named)
    elif named is not None:
        raise MovementNotYours()
    withheld, settled_until = _withheld(session, movement, organisation, purpose)
    platform = kind == "platform"
    principal = _principal(user or record, movement, granted, organisation, user, person, platform, withheld)
    allowance = None if own == [None, None] else Allowance(*own)
    return Caller(record, principal, kind, expires_at, settled_until, addresses, allowance)


def _withheld(
    session: orm.Session, movement: str, organisation: str | None, purpose: str | None
) -> tuple[Withheld, int | None]:
    """What no agreement lets the caller's organisation have today, and when today ends. Others ask for nothing more."""
    if organisation is None or not movement:
        return (), None
    found = agreements.held(session, movement, organisation)
    return found.withheld(purpose), found.tomorrow


@lru_cache(maxsize=10_000)
def _principal(
    name: str,
    movement: str,
    granted: str,
    organisation: str | None,
    user: str | None,
    person: str | None,
    platform: bool,
    withheld: Withheld,
) -> Principal:
    """The principal of a row. The same row gives the same object, for which a token may have been signed already."""
    held = scopes.scopes_of(granted) if user else frozenset(granted.split())
    held |= scopes.OWN
    return Principal(name, movement, held, organisation, user, platform=platform, person=person, withheld=withheld)


def _chosen(session: orm.Session, named: str | None) -> str:
    """The id of the movement that a platform key acts for; empty where it named none and there is not just one."""
    if named is None:
        rows = _first_two.rows(session, {})
        return str(rows[0][0]) if len(rows) == 1 else ""
    row = _movement.one(session, {"named": named})
    if row is None:
        raise UnknownMovement()
    return str(row[0])
