"""The teller: this process's part in keeping CRMs true. Each connection is told by one process, and by one at a time.

It is woken by the commit that noted somebody; a slow timer finds the rest: what is due again, what a dead process held.
"""

import asyncio
from datetime import timedelta

import structlog

from services.gateway.crm import queue, recording
from services.gateway.crm.coverage import stop_uncovered
from services.gateway.crm.forgetting import forget_some
from services.gateway.crm.models import Connection, Errand
from services.gateway.crm.opening import Opened, mapping_for
from services.gateway.crm.pace import Pace, Paced
from services.gateway.crm.telling import tell_some
from services.gateway.crm.vendors.calling import Dials
from services.gateway.crm.vendors.vendor import CrmFailed
from shared import clock
from shared.coverage import NotCovered
from shared.db import Bound
from shared.db.types import microseconds
from shared.dialler import Dialler
from shared.errors import AppError
from shared.ids import new_id
from shared.parts import Parts

_SECONDS_BETWEEN_LOOKS = 1.0
_PAUSE = timedelta(seconds=2)
"""How long a turn that came to nothing is over before the next."""
_LONGEST_TURN = 60.0
_SECONDS_BETWEEN_RENEWALS = queue.LEASE.total_seconds() / 3

log = structlog.get_logger(__name__)


class Teller:
    """Tells CRMs; `wake` says that one may be due."""

    def __init__(self, dialler: Dialler) -> None:
        self.dialler = dialler
        self._due = asyncio.Event()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._paces: dict[str, Pace] = {}

    def wake(self) -> None:
        """Look now. On the event loop."""
        self._due.set()

    async def keep_crms_true(self, parts: Parts) -> None:
        """Tell CRMs until cancelled. A slow one keeps no other waiting. Killed, the next look goes on."""
        try:
            while True:
                self._due.clear()
                await self._look(parts)
                try:
                    async with asyncio.timeout(_SECONDS_BETWEEN_LOOKS):
                        await self._due.wait()
                except TimeoutError:
                    continue
        finally:
            for task in self._under_way.values():
                task.cancel()
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _look(self, parts: Parts) -> None:
        self._under_way = {name: task for name, task in self._under_way.items() if not task.done()}
        try:
            due = await parts.db.read(queue.due_connections, microseconds(clock.now()))
        except Exception as error:  # the database is away: the next look finds it again
            log.warning("crms_wait", error=type(error).__name__)
            return
        for movement, connection in due:
            if connection not in self._under_way:
                self._under_way[connection] = asyncio.create_task(self._serve(parts, movement, connection))

    async def _serve(self, parts: Parts, movement: str, name: str) -> None:
        """Tell one CRM of everybody who is due, for as long as it is ours to tell."""
        db, holder = parts.acting_in(movement), new_id("teller")
        connection = await db.write(queue.claim, movement, name, holder)
        if connection is None:
            return
        pause = timedelta()
        renewing = asyncio.create_task(_renew(db, movement, name, holder))
        try:
            await self._tell(parts, connection)
        except CrmFailed as failed:  # until when it is left alone is written down
            log.warning("crm_not_told", connection=name, trouble=failed.code)
        except AppError as error:
            log.warning("crm_waits", connection=name, trouble=error.code)
            pause = _PAUSE
        except Exception as error:  # what nobody foresaw ends this turn, and not the worker
            log.error("crm_interrupted", connection=name, error=type(error).__name__)  # its frames hold people's data
            pause = _PAUSE
        finally:  # at the end of the process too: others need not wait for the lease to run out
            renewing.cancel()
            await db.write(queue.let_go, movement, name, holder, pause)
        self.wake()  # somebody may have changed after the last look of this turn

    def _paced(self, connection: Connection) -> Dials:
        """The dialler, no faster than the CRM lets itself be called."""
        limit = mapping_for(connection).limit
        if limit is None:
            return self.dialler
        pace = self._paces.get(connection.id)
        if pace is None or pace.limit != limit:
            pace = self._paces[connection.id] = Pace(limit)
        return Paced(self.dialler, pace)

    async def _opened(self, parts: Parts, db: Bound, connection: Connection) -> tuple[Opened, int]:
        """The CRM, ready to be told, and of how many at once. Raises CrmFailed, once that is written down."""
        crms = Opened(connection, self._paced(connection), parts.secrets)
        try:
            return crms, crms.of(Errand.PERSON).most_at_once
        except CrmFailed as failed:
            await db.write(recording.failed, connection, (), failed, recording.Took(clock.now(), 0))
            raise

    async def _tell(self, parts: Parts, connection: Connection) -> None:
        db = parts.acting_in(connection.movement)
        ends = asyncio.get_running_loop().time() + _LONGEST_TURN
        try:
            crms, most = await self._opened(parts, db, connection)
            while (due := await db.read(queue.take, connection, most)) is not None:
                if due.errand is Errand.FORGET:
                    await forget_some(db, connection, crms, due.due)
                elif not await tell_some(parts, db, connection, crms, due):
                    return
                if asyncio.get_running_loop().time() > ends:
                    return  # what was changed of the connection itself is seen by the next turn
        except NotCovered:
            await db.write(stop_uncovered, connection.movement)
            raise


async def _renew(db: Bound, movement: str, connection: str, holder: str) -> None:
    """Hold a connection for as long as it is told."""
    while True:
        await asyncio.sleep(_SECONDS_BETWEEN_RENEWALS)
        await db.write(queue.renew, movement, connection, holder)
