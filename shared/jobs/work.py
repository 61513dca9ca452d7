"""A job under way, as the kind that carries it out sees it: what was asked, how far it is, and steps to go on by."""

import time
from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec, Protocol, TypeVar

import msgspec
from sqlalchemy import orm

from shared import clock
from shared.db import Bound, Context, Session
from shared.errors import Fault
from shared.jobs import store
from shared.jobs.models import Job, JobState
from shared.parts import Parts

P = ParamSpec("P")
T = TypeVar("T")
M = TypeVar("M", bound="Moved")

LEASE_MS = 30_000
_SLICE_SECONDS = 0.025
_FEWEST, _MOST = 10, 5_000


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """How far a step has brought a job; it is stored in the step's own transaction.

    ``position`` is the kind's own, for JSON; ``settled`` says that from now on the job can only be finished.
    """

    position: object
    done: int
    total: int | None = None
    faults: Sequence[Fault] = ()
    settled: bool = False


class Lapsed(Exception):
    """The job is somebody else's by now, or over."""


class CancelAsked(Exception):
    """Somebody wants the job to end."""


class Kind(Protocol):
    """One kind of job, and how it is done. ``name`` stands in the row.

    ``carry_out`` goes on from the job's position and answers what came of it; an AppError below 500 that it raises
    makes the job fail, anything else lets it be tried again. ``undo`` takes back, in steps, what a job that failed or
    was cancelled has done, and what whoever asked for it noted; it too may be repeated, also where nothing was begun.
    """

    @property
    def name(self) -> str: ...

    async def carry_out(self, work: "Work") -> object: ...

    async def undo(self, work: "Work") -> None: ...


class Work:
    """One job while it is carried out by this process."""

    def __init__(self, parts: Parts, job: Job, holder: str) -> None:
        self.parts = parts
        self.job = job
        self._holder = holder
        # What the job says on the log is said on behalf of whoever asked for it, and was caused by the job.
        context = Context(job.movement, job.actor, job.id, job.origin, job.traceparent)
        self.db: Bound = parts.db.on_behalf(context)
        self._stored = job

    @property
    def movement(self) -> str:
        """The tenant."""
        return self.job.movement

    @property
    def id(self) -> str:
        """The job's id."""
        return self.job.id

    @property
    def settled(self) -> bool:
        """Whether the job can only be finished by now."""
        return self._stored.settled

    @property
    def fault_count(self) -> int:
        """How many faults are kept by now."""
        return self._stored.fault_count

    def request(self, to: type[T]) -> T:
        """What was asked for."""
        return msgspec.json.decode(self.job.request, type=to)

    def position(self, to: type[T]) -> T | None:
        """How far the job is, None before its first step."""
        position = self._stored.position
        return None if position is None else msgspec.json.decode(position, type=to)

    async def step(self, verb: Callable[Concatenate[orm.Session, str, P], M], *args: P.args, **kwargs: P.kwargs) -> M:
        """Run `verb(session, movement, …)` and store how far it brought the job, in one transaction.

        Raises CancelAsked where somebody wants it to end, and Lapsed where another process has it: nothing is changed.
        """

        def stepped(session: Session) -> M:
            held = self._held(session)
            moved = verb(session, self.movement, *args, **kwargs)
            self._store(session, held, moved)
            return moved

        moved = await self.db.write(stepped)
        self._stored = self._after(self._stored, moved)
        return moved

    async def note(self, moved: Moved) -> None:
        """Store how far the job is, and the faults that were found: a step that changes nothing else."""
        await self.step(_nothing_else, moved)

    async def renew(self) -> bool:
        """Hold the job for longer; False where somebody else has it."""
        until = clock.milliseconds() + LEASE_MS
        return await self.db.write(store.renew, self.movement, self.id, self._holder, until)

    def _held(self, session: Session) -> Job:
        job = store.find(session, self.movement, self.id)
        if job is None or job.holder != self._holder or job.finished_at is not None:
            raise Lapsed
        if job.ending == JobState.CANCELLED and self.job.ending is None and not job.settled:
            raise CancelAsked
        return job

    def _store(self, session: Session, held: Job, moved: Moved) -> None:
        if moved.faults:
            store.add_faults(session, self.movement, self.id, held.fault_count + 1, moved.faults)
        after = self._after(held, moved)
        to = {
            "position": after.position,
            "done": after.done,
            "total": after.total,
            "fault_count": after.fault_count,
            "settled": after.settled,
            "attempts": 1,  # what moves is worth trying for ever; what fails on the spot is not
            "lease_until": clock.milliseconds() + LEASE_MS,
        }
        if not store.move(session, self.movement, self.id, self._holder, to):
            raise Lapsed

    @staticmethod
    def _after(job: Job, moved: Moved) -> Job:
        return job._replace(
            position=msgspec.json.encode(moved.position).decode(),
            done=moved.done,
            total=job.total if moved.total is None else moved.total,
            fault_count=job.fault_count + len(moved.faults),
            settled=job.settled or moved.settled,
        )


class Pace:
    """How many things a slice takes: so many that it lasts some 25 ms, half of the 50 that others may have to wait."""

    def __init__(self, first: int = 100) -> None:
        self.size = first

    def timed(self, verb: Callable[P, T]) -> Callable[P, T]:
        """The verb, with its time taken: the next slice is larger where it was short, and smaller where it was long."""

        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            began = time.perf_counter()
            result = verb(*args, **kwargs)
            spent = time.perf_counter() - began
            factor = min(2.0, max(0.25, _SLICE_SECONDS / max(spent, 1e-4)))
            self.size = int(min(_MOST, max(_FEWEST, self.size * factor)))
            return result

        return run


def _nothing_else(session: orm.Session, movement: str, moved: Moved) -> Moved:
    return moved
