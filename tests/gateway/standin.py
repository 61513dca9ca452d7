"""Another service as the gateway's tests see it: answers what it is told to, and remembers what it was asked."""

import asyncio
from dataclasses import dataclass, field

from shared.asgi import Receive, Scope, Send


@dataclass
class Asked:
    """One request that arrived."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass
class StandIn:
    """An ASGI application in a service's place. Until told otherwise it answers 200 and an empty object."""

    status: int = 200
    body: bytes = b"{}"
    headers: list[tuple[bytes, bytes]] = field(default_factory=lambda: [(b"content-type", b"application/json")])
    hangs: bool = False
    asked: list[Asked] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        body = (await receive())["body"]
        target = scope["raw_path"].decode()
        self.asked.append(Asked(scope["method"], target, scope["query_string"].decode(), headers, body))
        if self.hangs:
            await asyncio.Event().wait()
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})
