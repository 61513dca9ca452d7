"""Who may come in: the Authorization header, looked up at every request, so that a revoked token is out at once."""

from collections.abc import Callable
from functools import partial

from services.gateway.access import tokens
from services.gateway.access.authentication import (
    ExpiredCredential,
    NoCredential,
    UnknownCredential,
    authenticate,
    authenticate_client,
)
from services.gateway.access.callers import Caller
from services.gateway.access.oauth import tokens as access_tokens
from shared import clock
from shared.db import Database, Session
from shared.db.types import microseconds
from shared.remembered import Remembered
from shared.secrets import Secrets

_BEARER = b"bearer "


class Admission:
    """The door of one gateway."""

    def __init__(self, db: Database, secrets: Secrets) -> None:
        self._secrets = secrets
        self._db = db
        self._callers: Remembered[Caller] = Remembered()

    async def admit(self, authorization: bytes | None, movement: bytes | None) -> Caller:
        """The caller behind the headers `Authorization` and `Backbone-Movement`; raises what is wrong with them."""
        if authorization is None or authorization[:7].lower() != _BEARER or not authorization[7:].strip():
            raise NoCredential()
        token = authorization[7:].strip()
        named = None if movement is None else movement.decode("latin-1").strip()
        try:
            known_by, query = self._asked(token, named)
            caller = await self._callers.look_up(self._db, (known_by, named), query)
            if caller.settled_until is not None and caller.settled_until <= microseconds(clock.now()):
                self._callers.forget((known_by, named))
                caller = await self._callers.look_up(self._db, (known_by, named), query)
        except UnknownCredential:
            if tokens.is_mistyped(token):
                raise UnknownCredential("its checksum is wrong: a character was lost or changed") from None
            raise
        if caller.expires_at is not None and caller.expires_at <= microseconds(clock.now()):
            raise ExpiredCredential()
        return caller

    def _asked(self, token: bytes, named: str | None) -> tuple[str, Callable[[Session], Caller]]:
        """What a token is remembered by, and the query that finds its caller."""
        digest = tokens.digest(token, self._secrets.pepper)
        if not access_tokens.looks_like_one(token):
            return digest, partial(authenticate, digest=digest, named=named)
        try:
            read = access_tokens.read(token, self._secrets)
        except ValueError:
            raise UnknownCredential("it is no access token of this gateway's") from None
        return digest, partial(authenticate_client, token=read, named=named)
