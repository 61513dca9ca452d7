"""How the whole suite is: the gateway's own parts, and what each service says of itself, asked at the same time.

Anybody may ask, and an answer costs a question to everything there is; so one answer serves everybody for a second.
"""

import asyncio
import time
from collections.abc import Iterable

import msgspec

from services.gateway.nouns import SERVICES
from shared.errors import AppError
from shared.health import Health, health
from shared.parts import Parts
from shared.upstream import Upstream
from shared.workers import Worker

_SERVES_SECONDS = 1.0
_PATIENCE = 2.5
"""Seconds; a service gives its own parts 1.5."""


class _Told(msgspec.Struct):
    status: str


class SuiteHealth:
    """Asks and remembers. `down` is for the gateway itself; a service that is away makes the suite `degraded`."""

    def __init__(self) -> None:
        self._asking = asyncio.Lock()
        self._answered_at = 0.0
        self._answer = 503, b""

    async def answer(self, parts: Parts, workers: Iterable[Worker]) -> tuple[int, bytes]:
        """The status and the JSON of `GET /health`: 200 while the gateway can answer requests, else 503."""
        async with self._asking:
            if time.monotonic() - self._answered_at > _SERVES_SECONDS:
                self._answer = await _ask_everybody(parts, workers)
                self._answered_at = time.monotonic()
        return self._answer


async def _ask_everybody(parts: Parts, workers: Iterable[Worker]) -> tuple[int, bytes]:
    asked = asyncio.gather(*(_ask(name, parts.upstreams[name]) for name in SERVICES))
    own, told = await health(parts, workers), await asked
    services = dict(zip(SERVICES, told, strict=True))
    status = own.status
    if status == "ok" and any(_status(raw) != "ok" for raw in told):
        status = "degraded"
    return (503 if status == "down" else 200), msgspec.json.encode(
        {"status": status, "service": own.service, "parts": _parts(own), "services": services}
    )


async def _ask(name: str, upstream: Upstream) -> msgspec.Raw:
    """What a service says of itself, as it said it."""
    try:
        answer = await upstream.request("GET", "/health", deadline=time.time() + _PATIENCE)
        _status(msgspec.Raw(answer.body))
        return msgspec.Raw(answer.body)
    except (AppError, msgspec.DecodeError) as error:
        why = error.detail if isinstance(error, AppError) else "its answer cannot be read"
        return msgspec.Raw(msgspec.json.encode({"service": name, "status": "down", "why": why or "does not answer"}))


def _status(raw: msgspec.Raw) -> str:
    return msgspec.json.decode(raw, type=_Told).status


def _parts(own: Health) -> list[dict[str, object]]:
    return [part.model_dump(exclude_none=True) for part in own.parts]
