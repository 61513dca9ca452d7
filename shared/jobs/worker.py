"""The worker that does a service's jobs: one at a time in a movement, several movements side by side."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence

import msgspec
import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from shared import clock
from shared.db.context import SYSTEM
from shared.errors import AppError
from shared.jobs import domain, files, store
from shared.jobs.models import Job, JobState
from shared.jobs.work import LEASE_MS, CancelAsked, Kind, Lapsed, Work
from shared.parts import Parts

SECONDS_BETWEEN_LOOKS = 0.25
SIDE_BY_SIDE = 4
MOST_ATTEMPTS = 5
"""A job that ends its process, or fails for a reason that nobody foresaw, is taken so often without a step forward."""
_FORSAKEN_AFTER_MS = 24 * 3600 * 1000

_log = structlog.get_logger(__name__)


def jobs_worker(kinds: Sequence[Kind]) -> Callable[[Parts], Coroutine[None, None, None]]:
    """The worker of a service whose jobs are of these kinds: one of its `workers`."""

    async def do_jobs(parts: Parts) -> None:
        await _Worker(parts, kinds).run()

    return do_jobs


class _Worker:
    def __init__(self, parts: Parts, kinds: Sequence[Kind]) -> None:
        self._parts = parts
        self._kinds = {kind.name: kind for kind in kinds}
        self._under_way: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        try:
            await self._drop_forsaken_files()
            while True:
                await self._take_some()
                await asyncio.sleep(SECONDS_BETWEEN_LOOKS)
        finally:
            for task in self._under_way.values():
                task.cancel()
            await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _take_some(self) -> None:
        db = self._parts.db
        self._under_way = {job: task for job, task in self._under_way.items() if not task.done()}
        if len(self._under_way) >= SIDE_BY_SIDE:
            return
        now = clock.milliseconds()
        for movement, job in await db.read_by_key(store.waiting, db.owner, now):
            if job in self._under_way or len(self._under_way) >= SIDE_BY_SIDE:
                continue
            try:
                taken = await db.write(_take, movement, job, db.owner)
            except sa.exc.IntegrityError:  # another replica has just taken another job of the movement
                continue
            if taken is not None:
                self._under_way[job] = asyncio.create_task(self._do(Work(self._parts, taken, db.owner)), name=job)

    async def _do(self, work: Work) -> None:
        renewing = asyncio.create_task(_keep(work))
        try:
            await self._attempt(work)
        except Lapsed:
            _log.info("job_lapsed", job=work.id)
        except Exception as error:  # whatever it was: the lease runs out, and it is tried again
            _log.error("job_interrupted", job=work.id, kind=work.job.kind, exc_info=error)
            await self._parts.db.write(_let_go, work.movement, work.id, work.job.attempts)
        finally:
            renewing.cancel()

    async def _attempt(self, work: Work) -> None:
        kind = self._kinds.get(work.job.kind)
        job = work.job
        if job.ending is None and not job.settled and (kind is None or job.attempts > MOST_ATTEMPTS):
            why = "no such kind" if kind is None else "it failed again and again"
            job = await self._end(work, JobState.FAILED, "internal_error", why)
        if job.ending is None and kind is not None:
            try:
                result = await kind.carry_out(work)
            except CancelAsked:
                job = await self._end(work, JobState.CANCELLED, None, None)
            except AppError as error:
                if error.status >= 500 or work.settled:
                    raise
                job = await self._end(work, JobState.FAILED, error.code, error.detail or error.title)
            else:
                await self._finish(work, JobState.SUCCEEDED, msgspec.json.encode(result).decode())
                return
        undoing = Work(self._parts, job, self._parts.db.owner)
        if kind is not None:
            await kind.undo(undoing)
        await self._finish(undoing, JobState(job.ending or JobState.FAILED), None)

    async def _end(self, work: Work, ending: JobState, code: str | None, detail: str | None) -> Job:
        """Write down how a job is going to end, before what it did is undone: so the undoing survives a crash too."""
        return await self._parts.db.write(_set_ending, work.movement, work.id, ending, code, detail)

    async def _finish(self, work: Work, state: JobState, result: str | None) -> None:
        await files.drop(work.db, work.movement, work.id)
        files.clear(self._parts.settings, work.id)
        await self._parts.db.write(_set_final, work.movement, work.id, state, result)

    async def _drop_forsaken_files(self) -> None:
        db = self._parts.db
        for movement, job in await db.read(store.forsaken_files, clock.milliseconds() - _FORSAKEN_AFTER_MS):
            await files.drop(db.on_behalf(SYSTEM), movement, job)


async def _keep(work: Work) -> None:
    """Hold the lease while a step takes long, such as one in the CPU process."""
    while True:
        await asyncio.sleep(LEASE_MS / 3000)
        if not await work.renew():
            return


def _take(session: orm.Session, movement: str, job: str, holder: str) -> Job | None:
    now = clock.milliseconds()
    if not store.take(session, movement, job, holder, now, now + LEASE_MS):
        return None
    return domain.read(session, movement, job)


def _let_go(session: orm.Session, movement: str, job: str, attempts: int) -> None:
    pause = 1000 * min(30, 2 ** min(attempts, 5))
    store.change(session, movement, job, holder=None, lease_until=clock.milliseconds() + pause)


def _set_ending(
    session: orm.Session, movement: str, job: str, ending: JobState, code: str | None, detail: str | None
) -> Job:
    store.change(session, movement, job, ending=ending, code=code, detail=detail)
    return domain.read(session, movement, job)


def _set_final(session: orm.Session, movement: str, job: str, state: JobState, result: str | None) -> None:
    now = clock.milliseconds()
    store.change(session, movement, job, state=state, result=result, holder=None, finished_at=now)
