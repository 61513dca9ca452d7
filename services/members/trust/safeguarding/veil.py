"""The veil: around every route of the service, so that none tells where a protected person is, whoever wrote it.

What names a protected person is not there. A path that does answers 404; an element of a list that does is left out;
an answer that does in itself is 404 where it was read, and empty (204) where it was the answer to a change, which is
made all the same. The lists of people are rid of them before that, by what is permitted; this is what holds where a
row merely mentions them. It looks for ids, so text that somebody typed is not found by it, and what is no JSON passes:
such documents ask :func:`~services.members.trust.safeguarding.protected.store.is_protected` themselves.

It does not stand before safeguarding's own role, and not between somebody and what is said of themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec
from fastapi import FastAPI

from services.members.trust.safeguarding.protected.store import protected
from shared.asgi import ASGIApp, Message, Receive, Scope, Send
from shared.auth import Principal, verify
from shared.errors import NotFound, Unauthenticated
from shared.parts import Parts
from shared.remembered import Remembered

SEES_ALL: Final = "safeguarding:read"
_MARK: Final = "person_"
"""What the id of every person begins with: without it nobody is named."""

Json = Mapping[str, "Json"] | Sequence["Json"] | str | int | float | bool | None


class Veil:
    """Stands between the edge and the routes."""

    def __init__(self, inner: ASGIApp, app: FastAPI) -> None:
        self._inner = inner
        self._app = app
        self._remembered: Remembered[frozenset[str]] = Remembered()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        principal = self._principal(scope)
        if principal is None or principal.may(SEES_ALL):
            await self._inner(scope, receive, send)
            return
        path: str = scope["path"]
        if _MARK in path and not (await self._hidden(principal)).isdisjoint(path.split("/")):
            raise NotFound
        if _is_told_what_it_said(scope["method"], path):
            await self._inner(scope, receive, send)
            return
        answer = _Answer(scope["method"], send)
        await self._inner(scope, receive, answer.take)
        if answer.kept is not None:
            hidden = await self._hidden(principal) if _MARK.encode() in answer.kept else frozenset()
            await answer.give(hidden)

    def _principal(self, scope: Scope) -> Principal | None:
        """Who is calling; None where the routes will refuse it anyhow, or it asks for nobody's data."""
        if scope["type"] != "http" or not scope["path"].startswith(("/v1/", "/open/")):
            return None
        parts: Parts = self._app.state.parts
        authorization = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        try:
            return verify(authorization.decode("latin-1").removeprefix("Bearer "), parts.service, parts.secrets)
        except Unauthenticated:
            return None

    async def _hidden(self, principal: Principal) -> frozenset[str]:
        """The ids of those whom this caller does not see."""
        parts: Parts = self._app.state.parts
        movement = principal.movement
        everybody = await self._remembered.look_up(parts.db, movement, lambda session: protected(session, movement))
        return everybody - {principal.person or ""}


class _Answer:
    """Holds a whole JSON answer back until it was looked through; everything else passes as it comes."""

    def __init__(self, method: str, send: Send) -> None:
        self._method = method
        self._send = send
        self._start: Message | None = None
        self.kept: bytes | None = None

    async def take(self, message: Message) -> None:
        """Keep a part of the answer, or pass it on."""
        if message["type"] == "http.response.start" and _is_whole_json(message):
            self._start, self.kept = message, b""
        elif self._start is None or self.kept is None:
            await self._send(message)
        else:
            self.kept += message.get("body", b"")

    async def give(self, hidden: frozenset[str]) -> None:
        """Send what may be seen of it."""
        start, body = self._start, self.kept or b""
        if start is None:
            return
        if any(person.encode() in body for person in hidden):
            try:
                body = msgspec.json.encode(_without(msgspec.json.decode(body), hidden))
            except _NamesThem:
                if self._method == "GET":
                    raise NotFound from None
                body, start["status"] = b"", 204
            start["headers"] = _fitting(start["headers"], body)
        await self._send(start)
        await self._send({"type": "http.response.body", "body": body})


class _NamesThem(Exception):
    """What is looked at names somebody who is hidden, and is in no list that it could be left out of."""


def _without(value: Json, hidden: frozenset[str]) -> Json:
    """What is left of an answer once the elements of lists that name one of these are out of it. Raises _NamesThem."""
    if isinstance(value, str):
        if value in hidden:
            raise _NamesThem
        return value
    if isinstance(value, Mapping):
        return {name: _without(each, hidden) for name, each in value.items() if name not in hidden}
    if isinstance(value, Sequence):
        return list(_those_without(value, hidden))
    return value


def _those_without(values: Sequence[Json], hidden: frozenset[str]) -> Iterator[Json]:
    for each in values:
        try:
            yield _without(each, hidden)
        except _NamesThem:
            continue


def _is_told_what_it_said(method: str, path: str) -> bool:
    """Whether the answer says no more than the request did: something new of a noun was sent, and is there now."""
    return method == "POST" and path.count("/") == 2


def _is_whole_json(start: Message) -> bool:
    headers = dict(start["headers"])
    return headers.get(b"content-type", b"").startswith(b"application/json") and b"content-length" in headers


def _fitting(headers: Sequence[tuple[bytes, bytes]], body: bytes) -> list[tuple[bytes, bytes]]:
    """The headers of another body: of its own length, and with no tag of what it was before."""
    kept = [(name, value) for name, value in headers if name not in (b"content-length", b"content-type", b"etag")]
    if not body:
        return kept
    return [*kept, (b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
