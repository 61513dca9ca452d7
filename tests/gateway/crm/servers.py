"""CRMs on loopback: what all of them have in common. Each answers as its vendor documents, over real HTTP."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Any, ClassVar

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Json = dict[str, Any]


class CrmServer(ABC):
    """A CRM: its records by its own id, what it was asked, and what it is to answer instead."""

    vendor: str
    credentials: ClassVar[Json]

    def __init__(self) -> None:
        self.records: dict[str, Json] = {}
        """People, by its own ids."""
        self.organisations: dict[str, Json] = {}
        self._made = 0
        self.asked: list[str] = []
        self.before: Callable[[str], Awaitable[Response | None]] | None = None
        """What answers first, where it answers anything."""
        self.refuses: set[str] = set()
        """Given names, and names of organisations, that its own rules do not let in."""
        self.app = Starlette(
            routes=[Route("/{path:path}", self._answer, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])]
        )

    @abstractmethod
    async def answer(self, request: Request, path: str) -> Response:
        """Answer what is documented."""

    def made(self, **fields: object) -> str:
        """A new record of somebody; its id."""
        return self.made_in(self.records, **fields)

    def made_in(self, records: dict[str, Json], **fields: object) -> str:
        """A new record among these; its id."""
        self._made += 1
        number = self.id_of(self._made)
        records[number] = dict(fields)
        return number

    def id_of(self, number: int) -> str:
        """The id of its n-th record."""
        return str(100 + number)

    def answers(self, *statuses: int, body: Json | list[Json] | None = None, **headers: str) -> None:
        """Answer these statuses first, one request each."""
        left = list(statuses)

        async def instead(asked: str) -> Response | None:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            return JSONResponse(body or {}, left.pop(0), named) if left else None

        self.before = instead

    def holds(self) -> asyncio.Event:
        """Answer nobody before the event is set."""
        release = asyncio.Event()

        async def wait(asked: str) -> Response | None:
            await release.wait()
            return None

        self.before = wait
        return release

    async def _answer(self, request: Request) -> Response:
        path = f"/{request.path_params['path']}"
        self.asked.append(f"{request.method} {path}")
        answer = None if self.before is None else await self.before(self.asked[-1])
        if answer is None:
            answer = await self.answer(request, path)
        answer.headers["connection"] = "close"  # else the server waits at its end for connections that are kept
        return answer
