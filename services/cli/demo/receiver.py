"""A partner's webhook receiver, as short as it can be: it checks each signature, keeps each event's id, and answers."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec
from standardwebhooks import Webhook, WebhookVerificationError
from starlette.types import Receive, Scope, Send

from services.cli import ports
from services.cli.serve import Server


class _Event(msgspec.Struct):
    id: str


class Receiver:
    """What arrived: events by id, each once however often it was delivered; and how many deliveries were refused."""

    def __init__(self, advance: Callable[[], None]) -> None:
        self.secret = ""
        """The endpoint's, once it is registered."""
        self.events: set[str] = set()
        self.refused = 0
        self._advance = advance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one delivery: 204 where its signature is right, 401 where it is not."""
        body = await _body(receive)
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        try:
            Webhook(self.secret).verify(body, headers, json_parse=False)
        except WebhookVerificationError:
            self.refused += 1
            status = 401
        else:
            self._keep(msgspec.json.decode(body, type=_Event).id)
            status = 204
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def _keep(self, event: str) -> None:
        if event not in self.events:
            self.events.add(event)
            self._advance()


@asynccontextmanager
async def listening(receiver: Receiver) -> AsyncIterator[str]:
    """Listen on a free port of this machine alone while the block lasts; the URL to deliver to."""
    with ports.taken("127.0.0.1", 0, "") as socket:
        server = Server(receiver, socket)
        serving = asyncio.create_task(server.serve([socket]))
        await server.ready.wait()
        try:
            yield ports.url(socket)
        finally:
            server.should_exit = True
            await serving


async def _body(receive: Receive) -> bytes:
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
