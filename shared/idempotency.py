"""Idempotency keys: the answer to a write is kept in the write's own transaction, and given again for the same key.

Kept by the service that owns the write, scoped by movement, principal and route, for 24 hours (the IETF draft's
Idempotency-Key). Only a 2xx is kept: a refusal changed nothing, and is evaluated again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Protocol

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from shared import clock
from shared.db.hot import hot
from shared.db.infrastructure import idempotency
from shared.db.session import of
from shared.errors import Conflict, Invalid
from shared.keyring import Keyring

KEPT_SECONDS = 24 * 3600

_where = (
    (idempotency.c.movement == sa.bindparam("movement"))
    & (idempotency.c.principal == sa.bindparam("principal"))
    & (idempotency.c.route == sa.bindparam("route"))
    & (idempotency.c.key == sa.bindparam("key"))
)
_find = hot(sa.select(idempotency.c.fingerprint, idempotency.c.answer, idempotency.c.recorded_at).where(_where))
_forget = hot(sa.delete(idempotency).where(_where))
_keep = hot(sa.insert(idempotency))
_lock = hot(sa.select(sa.func.pg_try_advisory_xact_lock(sa.func.hashtextextended(sa.bindparam("name"), 0))))


class Sealing(Protocol):
    """What encrypts the kept body; :class:`shared.secrets.Secrets` does."""

    def seal(self, plaintext: bytes, *, bound_to: bytes) -> bytes: ...
    def open(self, ciphertext: bytes, *, bound_to: bytes) -> bytes: ...


class OtherBody(Invalid):
    """The key was used before, with another request."""

    code, title = "idempotency_key_reused", "This Idempotency-Key belongs to another request"


class InFlight(Conflict):
    """The first request with this key is still running."""

    code, title = "idempotency_key_in_flight", "The first request with this Idempotency-Key is still running"


@dataclass(frozen=True, slots=True)
class Request:
    """What makes a repeated write the same: the key, who sent it, to which route, and a hash of what was sent."""

    key: str
    principal: str
    route: str
    fingerprint: str

    def blinded(self, keys: Keyring) -> "Request":
        """The same request, of which nothing can be told without the keys."""
        told = {field.name: keys.blind(getattr(self, field.name)).hex() for field in fields(self)}
        return Request(**told)


class Answer(msgspec.Struct, frozen=True):
    """What was answered: status, body, and the positions that the write reached."""

    status: int
    body: bytes
    positions: Sequence[str] = ()


def replay(session: orm.Session, movement: str, request: Request, secrets: Sealing) -> Answer | None:
    """The first answer again, or None for a key not seen in 24 hours.

    Raises OtherBody where the key came with another request, InFlight while its first one runs (PostgreSQL; on SQLite
    writes queue, so the twin waits and is answered).
    """
    ours = of(session)
    name = _name(movement, request)
    if ours.dialect.name == "postgresql":
        locked = _lock.one(ours, {"name": name.decode()})
        if locked is None or not locked[0]:
            raise InFlight(headers={"retry-after": "1"})
    where = {"movement": movement, "principal": request.principal, "route": request.route, "key": request.key}
    row = _find.one(ours, where)
    if row is None:
        return None
    fingerprint, sealed, recorded_at = row
    if recorded_at < clock.milliseconds() - KEPT_SECONDS * 1000:
        _forget.run(ours, where)
        return None
    if fingerprint != request.fingerprint:
        raise OtherBody()
    return msgspec.json.decode(secrets.open(bytes(sealed), bound_to=name), type=Answer)


def store(session: orm.Session, movement: str, request: Request, answer: Answer, secrets: Sealing) -> None:
    """Keep an answer beside the change that it reports, encrypted, and tagged with the subjects that it speaks of."""
    _keep.run(
        session,
        {
            "movement": movement,
            "principal": request.principal,
            "route": request.route,
            "key": request.key,
            "fingerprint": request.fingerprint,
            "answer": secrets.seal(msgspec.json.encode(answer), bound_to=_name(movement, request)),
            "subjects": " ".join(position.partition("@")[0] for position in answer.positions),
            "recorded_at": clock.milliseconds(),
        },
    )


def _name(movement: str, request: Request) -> bytes:
    return "\n".join((movement, request.principal, request.route, request.key)).encode()
