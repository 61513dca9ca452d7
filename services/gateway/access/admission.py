"""Who may come in: the Authorization header, looked up at every request, so that a revoked token is out at once."""

from functools import partial

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
from shared.remembered import Remembered

_BEARER = b"bearer "


class Admission:
    """The door of one gateway."""

    def __init__(self, db: Database, pepper: bytes) -> None:
        self._pepper = pepper
        self._db = db
        self._callers: Remembered[Caller] = Remembered()

    async def admit(self, authorization: bytes | None, movement: bytes | None) -> Caller:
        """The caller behind the headers `Authorization` and `Backbone-Movement`; raises what is wrong with them."""
        if authorization is None or authorization[:7].lower() != _BEARER or not authorization[7:].strip():
            raise NoCredential()
        token = authorization[7:].strip()
        named = None if movement is None else movement.decode("latin-1").strip()
        try:
            digest = tokens.digest(token, self._pepper)
            query = partial(authenticate, digest=digest, named=named)
            caller = await self._callers.look_up(self._db, (digest, named), query)
            if caller.settled_until is not None and caller.settled_until <= microseconds(clock.now()):
                self._callers.forget((digest, named))
                caller = await self._callers.look_up(self._db, (digest, named), query)
        except UnknownCredential:
            if tokens.is_mistyped(token):
                raise UnknownCredential("its checksum is wrong: a character was lost or changed") from None
            raise
        if caller.expires_at is not None and caller.expires_at <= microseconds(clock.now()):
            raise ExpiredCredential()
        return caller
