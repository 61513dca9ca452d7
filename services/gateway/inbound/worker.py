"""The taker: this process's part in taking up what CRMs told. Woken by whatever was kept; a slow timer finds the rest.

A message is taken for a while, and left to others if its time runs out: so a process may be killed at any moment.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

import structlog
from fastapi import Depends, Request

from services.gateway.crm.vendors.vendor import CrmFailed
from services.gateway.inbound import domain, keeping, store
from services.gateway.inbound.models import Message
from services.gateway.inbound.taking import take_up
from shared import clock
from shared.db import Bound
from shared.db.types import microseconds
from shared.dialler import Dialler
from shared.errors import AppError
from shared.parts import Parts

_SECONDS_BETWEEN_LOOKS = 1.0
_AT_ONCE = 16
_LEASE = timedelta(minutes=2)
_FORGET_EVERY = 60.0
_SOON = timedelta(seconds=5)
"""After what is nobody's failure: members is away, somebody was edited meanwhile, the connection rests or is not
covered. However often it comes to that, it goes on as soon as it can."""
_AGAIN = tuple(timedelta(seconds=seconds) for seconds in (2, 10, 60, 600, 1800))
"""After the first failure, the second and so on; the last one until what it said is kept no longer."""

log = structlog.get_logger(__name__)


class Taker:
    """Takes up messages; `wake` says that there may be one. ``tell`` wakes whoever tells CRMs."""

    def __init__(self, dialler: Dialler, tell: Callable[[], None]) -> None:
        self._dialler = dialler
        self._tell = tell
        self._due = asyncio.Event()

    def wake(self) -> None:
        """Look now. On the event loop."""
        self._due.set()

    async def take_up_messages(self, parts: Parts) -> None:
        """Take up messages until cancelled, and forget what they said when its days are over."""
        forget_at = 0.0
        while True:
            self._due.clear()
            try:
                while await self._take_some(parts):
                    pass
                if clock.timestamp() >= forget_at:
                    await self._forget(parts)
                    forget_at = clock.timestamp() + _FORGET_EVERY
            except Exception as error:  # the database is away: the next look finds it again
                log.warning("crm_messages_wait", error=type(error).__name__)
            try:
                async with asyncio.timeout(_SECONDS_BETWEEN_LOOKS):
                    await self._due.wait()
            except TimeoutError:
                continue

    async def _take_some(self, parts: Parts) -> bool:
        now = clock.now()
        found = await parts.db.write(store.lease, microseconds(now), microseconds(now + _LEASE), _AT_ONCE)
        await asyncio.gather(*[self._take(parts, message) for message in found])
        return bool(found)

    async def _take(self, parts: Parts, message: Message) -> None:
        """Take one up, and keep what came of it, or when it is tried again."""
        db = parts.acting_in(message.movement, message.id)
        try:
            outcome = await take_up(parts, message, self._dialler)
        except AppError as error:
            await _put_off(db, message, error.code, _SOON)
        except CrmFailed as error:
            await _put_off(db, message, error.code, _again(message), has_failed=True)
        except Exception as error:  # what nobody foresaw is tried again, and stops no other
            log.error("crm_message_interrupted", message=message.id, exc_info=error)
            await _put_off(db, message, "interrupted", _again(message), has_failed=True)
        else:
            if await db.write(keeping.keep, message.movement, message.id, outcome, parts.secrets):
                self._tell()

    async def _forget(self, parts: Parts) -> None:
        kept = timedelta(days=parts.settings.crm_words_kept_days)
        while await parts.db.write(domain.forget_old, kept):
            pass


async def _taker(request: Request) -> Taker:
    taker: Taker = request.app.state.taker
    return taker


TakerOf = Annotated[Taker, Depends(_taker)]
"""The taker of this application."""


async def _put_off(db: Bound, message: Message, code: str, wait: timedelta, *, has_failed: bool = False) -> None:
    due_at = microseconds(clock.now() + wait)
    await db.write(keeping.put_off, message.movement, message.id, code, due_at, has_failed=has_failed)


def _again(message: Message) -> timedelta:
    return _AGAIN[min(message.attempts, len(_AGAIN) - 1)]
