"""One call of a route: who calls, for which movement, until when, and the only ways from a route to the database.

`Call` is the one dependency that a route has. It verifies the internal token, holds the caller to the scope that the
route declares with `needs`, and runs verbs and queries on the caller's behalf:

    @router.post("/v1/rounds", status_code=201, response_model=Round, **needs("rounds:write"))
    async def open_round(body: NewRound, call: Call) -> Response:
        return await call.write(domain.open_round, body, answer=Round.of)
"""

import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Annotated, Concatenate, ParamSpec, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel
from starlette.requests import ClientDisconnect

from shared import idempotency, outbox
from shared.asgi import SEALED_BY, Exchange, Scope, exchange_of, route_of, template_of
from shared.auth import SEALED, Principal, verify
from shared.db import Bound, Context, Session
from shared.db.session import show_to
from shared.deprecation import DEPRECATED, Deprecation
from shared.errors import BadRequest, Forbidden, NeedsAUser, NotFound, NotHeardOfYet, Unauthenticated
from shared.keyring import Keyring
from shared.looking import Looking
from shared.needs import CHANNEL, PLATFORM, PURPOSE, SCOPE, USER
from shared.parts import Parts
from shared.uses import RECORD, WITHOUT_ASKING, Use, declare

P = ParamSpec("P")
T = TypeVar("T")

REPLAYED = "idempotent-replayed"
"""The header of an answer that was given before."""

_LONGEST_KEY = 255
_MOST_POSITIONS = 8


class BadIdempotencyKey(BadRequest):
    """The Idempotency-Key cannot be used."""

    code, title = "invalid_idempotency_key", "The Idempotency-Key cannot be used"


class CallOf:
    """A call as its route sees it. Use it as `call: Call`."""

    __slots__ = ("_exchange", "_parts", "_request", "_uploaded", "bound", "context", "principal")

    def __init__(self, request: Request, parts: Parts, principal: Principal, exchange: Exchange) -> None:
        self._request = request
        self._parts = parts
        self._exchange = exchange
        self._uploaded: bytes | None = None
        self.principal = principal
        """Who is calling."""
        self.context = Context(
            movement=principal.movement,
            actor=principal.id,
            causation=exchange.request_id,
            origin=principal.origin,
            traceparent=exchange.traceparent,
        )
        """What the events of this call are stamped with."""
        self.bound: Bound = parts.db.on_behalf(self.context, exchange.deadline)
        """The database on behalf of the caller, for a job of several transactions; else use `write` and `read`."""

    @property
    def movement(self) -> str:
        """The tenant: it comes from the credential, never from the request."""
        return self.principal.movement

    @property
    def deadline(self) -> float:
        """Unix seconds after which nobody waits for the answer."""
        return self._exchange.deadline

    @property
    def request_id(self) -> str:
        """The request's id, the same in every service that it reaches."""
        return self._exchange.request_id

    @property
    def parts(self) -> Parts:
        """What the service runs on."""
        return self._parts

    async def write(
        self,
        verb: Callable[..., T],
        *args: object,
        answer: Callable[[T], BaseModel] | None,
        status: int | Callable[[T], int] | None = None,
        **kwargs: object,
    ) -> Response:
        """Run `verb(session, movement, *args, **kwargs)` as one transaction and answer once it is durable.

        `answer` makes the response from the verb's result, inside the transaction (None: an empty body). `status` is
        the route's unless given. An Idempotency-Key is honoured in the same transaction: repeated, the verb does not
        run and the first answer is given again. `Backbone-Position` says where the write stands in the log. The verb is
        run :meth:`once_heard`.
        """
        repeatable = await self._repeatable()
        parts, movement = self._parts, self.principal.movement

        sealing = self._ring or parts.secrets

        organisation = self.principal.organisation

        def job(session: Session) -> tuple[idempotency.Answer, bool]:
            if organisation is not None:
                show_to(session, organisation)
            if repeatable is not None:
                first = idempotency.replay(session, movement, repeatable, sealing)
                if first is not None:
                    return first, True
            result = verb(session, movement, *args, **kwargs)
            body = b"" if answer is None else _json(answer(result))
            code = status(result) if callable(status) else status or self._route_status()
            given = idempotency.Answer(code, body, outbox.number(session))
            if repeatable is not None:
                idempotency.store(session, movement, repeatable, given, sealing)
            return given, False

        return _response(*await self.once_heard(lambda: self.bound.write(job)))

    async def read(self, query: Callable[Concatenate[Session, str, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `query(session, movement, …)` in a read-only transaction, away from the event loop."""
        return await self.bound.read(self._shown(self.for_its_use(query)), self.principal.movement, *args, **kwargs)

    async def read_by_key(
        self, query: Callable[Concatenate[Session, str, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Look up a few rows by key: on SQLite at once, without the way to another thread and back."""
        return await self.bound.read_by_key(
            self._shown(self.for_its_use(query)), self.principal.movement, *args, **kwargs
        )

    async def once_heard(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Make an attempt, and again for up to two seconds as long as it raises NotHeardOfYet; then that is raised."""
        looking = Looking(self.deadline)
        while True:
            try:
                return await attempt()
            except NotHeardOfYet:
                if not await looking.again():
                    raise

    def for_its_use(
        self, query: Callable[Concatenate[Session, str, P], T]
    ) -> Callable[Concatenate[Session, str, P], T]:
        """The query, knowing what the route shows people for; for one that outlasts the request, such as an export."""
        extra = self._request.scope["route"].openapi_extra or {}
        purpose, channel = extra.get(PURPOSE), extra.get(CHANNEL, RECORD)
        if purpose is None or purpose in WITHOUT_ASKING:
            return query

        def asked(session: Session, movement: str, /, *args: P.args, **kwargs: P.kwargs) -> T:
            declare(session, Use(movement, purpose, channel))
            return query(session, movement, *args, **kwargs)

        return asked

    def _shown(self, query: Callable[Concatenate[Session, str, P], T]) -> Callable[Concatenate[Session, str, P], T]:
        """The query, told for which organisation its answer is; there is nothing to tell of callers without one."""
        organisation = self.principal.organisation
        if organisation is None:
            return query

        def shown(session: Session, movement: str, /, *args: P.args, **kwargs: P.kwargs) -> T:
            show_to(session, organisation)
            return query(session, movement, *args, **kwargs)

        return shown

    async def upload(self) -> AsyncIterator[bytes]:
        """The body of a route that takes a large one, as it comes. Raises BadRequest where it breaks off."""
        digest = hashlib.sha256()
        try:
            async for piece in self._request.stream():
                digest.update(piece)
                yield piece
        except ClientDisconnect:
            raise BadRequest("the request broke off") from None
        self._uploaded = digest.digest()

    async def _repeatable(self) -> idempotency.Request | None:
        """What makes this request the same as its repetition, where the caller sent an Idempotency-Key."""
        key = self._request.headers.get("idempotency-key")
        if key is None:
            return None
        if not 0 < len(key) <= _LONGEST_KEY:
            raise BadIdempotencyKey(f"it has 1 to {_LONGEST_KEY} characters")
        scope = self._request.scope
        sent = hashlib.sha256(f"{scope['path']}?".encode() + scope["query_string"] + b"\n")
        sent.update(await self._request.body() if self._uploaded is None else self._uploaded)
        request = idempotency.Request(
            key=key,
            principal=self.principal.id,
            route=f"{scope['method']} {template_of(scope)}",
            fingerprint=sent.hexdigest(),
        )
        return request if self._ring is None else request.blinded(self._ring)

    @property
    def _ring(self) -> Keyring | None:
        """The keys that whatever is kept of this call is sealed with, where the route names a ring of its own."""
        name = (self._request.scope["route"].openapi_extra or {}).get(SEALED_BY)
        return None if name is None else self._parts.secrets.rings[name]

    def _route_status(self) -> int:
        return self._request.scope["route"].status_code or 200


async def current_call(request: Request) -> CallOf:
    """The call: raises Unauthenticated without a valid token, Forbidden where it does not reach."""
    scope = request.scope
    parts: Parts = request.app.state.parts
    exchange = exchange_of(scope)
    principal = exchange.principal
    if principal is None:
        principal = verify(_bearer(request), parts.service, parts.secrets)
    _hold_to(principal, scope)
    told: Deprecation | None = (scope["route"].openapi_extra or {}).get(DEPRECATED)
    if told is not None:
        exchange.headers.extend(told.headers)
    return CallOf(request, parts, principal, exchange)


Call = Annotated[CallOf, Depends(current_call)]


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Unauthenticated("an Authorization header with a bearer token is needed")
    return token


def _hold_to(principal: Principal, scope: Scope) -> None:
    declared = scope["route"].openapi_extra or {}
    wanted = declared.get(SCOPE)
    if not wanted:
        raise RuntimeError(f"{route_of(scope)} has a caller and declares no scope")
    if not principal.may(wanted):
        if wanted.partition(":")[0] in SEALED:
            raise NotFound
        if (uncovered := principal.want_of_agreement(wanted)) is not None:
            raise uncovered
        raise Forbidden(f"the scope {wanted} is needed", scope=wanted)
    if declared.get(USER) and principal.user is None:
        raise NeedsAUser
    if declared.get(PLATFORM) and not principal.platform:
        raise Forbidden("this needs a platform key: what it changes is shared by all movements")


def _json(model: BaseModel) -> bytes:
    return model.__pydantic_serializer__.to_json(model, by_alias=True)


def _response(given: idempotency.Answer, replayed: bool) -> Response:
    headers: dict[str, str] = {}
    if given.positions:
        headers["backbone-position"] = ", ".join(given.positions[:_MOST_POSITIONS])
    if replayed:
        headers[REPLAYED] = "true"
    return Response(given.body, given.status, headers, "application/json" if given.body else None)
