"""Who may come in: the Authorization header, looked up at every request, so that a revoked token is out at once."""

from services.gateway.access import tokens
from services.gateway.access.authentication import (
    ExpiredCredential,
    NoCredential,
    UnknownCredential,
    authenticate,
)
from services.gateway.access.callers import Caller
from shared import clock
from shared.db import Database
from shared.db.types import microseconds

_BEARER = b"bearer "


class Admission:
    """The door of one gateway."""

    def __init__(self, db: Database, pepper: bytes) -> None:
        self._db = db
        self._pepper = pepper
        self._remembered: dict[tuple[str, str | None], Caller] = {}
        self._as_of: int | None = None

    async def admit(self, authorization: bytes | None, movement: bytes | None) -> Caller:
        """The caller behind the headers `Authorization` and `Backbone-Movement`; raises what is wrong with them."""
        if authorization is None or authorization[:7].lower() != _BEARER or not authorization[7:].strip():
            raise NoCredential()
        token = authorization[7:].strip()
        named = None if movement is None else movement.decode("latin-1").strip()
        try:
            caller = await self._look_up(tokens.digest(token, self._pepper), named)
        except UnknownCredential:
            if tokens.is_mistyped(token):
                raise UnknownCredential("its checksum is wrong: a character was lost or changed") from None
            raise
        if caller.expires_at is not None and caller.expires_at <= microseconds(clock.now()):
            raise ExpiredCredential()
        return caller

    async def _look_up(self, digest: str, named: str | None) -> Caller:
        """Read it, or remember it from when nothing at all had changed since: then it would be read just the same."""
        changes = self._db.changes
        if changes is None:  # others write here too
            return await self._db.read_by_key(authenticate, digest, named)
        if changes != self._as_of:
            self._remembered.clear()
            self._as_of = changes
        caller = self._remembered.get((digest, named))
        if caller is None:
            caller = await self._db.read_by_key(authenticate, digest, named)
            if self._as_of == changes:
                self._remembered[digest, named] = caller
        return caller
