"""How the job of a large import is carried out: each phase in pieces, and after a crash from the last piece on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Mapping, Sequence
from itertools import islice
from typing import Literal, TypeVar

import msgspec
from sqlalchemy.orm import Session

from services.measures.formats.reading import Reading
from services.measures.imports.domain import FaultyRows
from services.measures.imports.models import Counts, OnError
from services.measures.measures.domain import published_version
from services.measures.observations import domain
from services.measures.observations.large import checking, lines
from services.measures.observations.large.checking import Cursor, Paths, Settled
from services.measures.observations.large.domain import KIND, Asked, compare
from services.measures.observations.large.lines import Line
from services.measures.observations.models import Figure
from services.measures.observations.reading import Rules
from services.measures.places import store as places
from services.measures.places.models import Span
from services.measures.slices import SLICE_ROWS
from services.measures.submissions import store as submissions
from shared.errors import Fault, Invalid
from shared.ids import new_id
from shared.jobs import files
from shared.jobs.work import Moved, Pace, Work

T = TypeVar("T")

_FAULTS_A_STEP = 2_000
_COMPARED_A_READ = 5_000
_PHASES = ("check", "settle", "compare", "stage", "release", "done")


class State(msgspec.Struct, frozen=True):
    """How far an import is. `at` is the place in the file of figures; `noted` faults belong to it.

    `seen` counts the figures that the present phase is through with.
    """

    phase: Literal["check", "settle", "compare", "stage", "release", "done"] = "check"
    cursor: Cursor | None = None
    settled: Settled = Settled()
    noted: int = 0
    at: int = 0
    seen: int = 0
    import_id: str | None = None
    new: int = 0
    revised: int = 0
    closed: Sequence[str] = ()
    shut: int = 0


class Result(msgspec.Struct, frozen=True):
    """What became of a file's rows, as in an import's report; `import_id` is None where nothing was taken."""

    import_id: str | None
    rows: int
    new: int
    revised: int
    unchanged: int
    repeated: int
    faulty: int


class LargeImportKind:
    """The kind of job that imports of large files are. What its phases are for is in the package's docstring."""

    name = KIND

    async def carry_out(self, work: Work) -> object:
        """Import the file, and answer what became of its rows."""
        return await _Importing(work).run()

    async def undo(self, work: Work) -> None:
        """Delete what the import has written, in slices; nobody has seen it."""
        state = work.position(State)
        if state is None or state.import_id is None or state.phase != "stage":
            return
        await work.db.write(domain.abandon, work.movement, state.import_id)
        while await work.db.write(domain.discard_some, work.movement, state.import_id):
            pass


class _Importing:
    """One import under way."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._asked = work.request(Asked)
        self._paths = Paths(str(files.folder(work.parts.settings, work.id)))
        self._state = work.position(State) or State()

    async def run(self) -> Result:
        if self._state.phase in ("check", "settle"):
            await self._check()
            await self._settle()
            self._refuse_faulty()
        elif self._state.phase in ("compare", "stage") and not checking.intact(self._paths, self._state.settled):
            await self._again()
        if self._state.phase == "compare":
            await self._compare()
        if self._state.phase == "stage":
            await self._stage()
        while self._state.phase == "release":
            self._state = _state(await self._work.step(self._release_some))
        return self._result()

    async def _check(self) -> None:
        """Check every row, from the last piece on; on another machine the file's pieces are checked anew."""
        cursor = self._state.cursor
        if self._state.phase == "settle" and not self._paths.merged.exists():
            cursor = None
        if cursor is None or not self._paths.plan.exists():
            self._state = State()
            cursor = await self._prepare()
        while not cursor.done:
            piece = await self._readable(self._work.parts.cpu.run(checking.check_piece, self._paths, cursor))
            cursor = piece.cursor
            await self._note(piece.faults, self._with(cursor=cursor))
        if self._state.phase == "check":
            await self._work.parts.cpu.run(checking.merge, self._paths, cursor.runs)
            await self._move(self._with(phase="settle", settled=Settled()))

    async def _settle(self) -> None:
        """Take each figure once."""
        settled = self._state.settled
        while not settled.done:
            piece = await self._work.parts.cpu.run(checking.settle_piece, self._paths, settled)
            settled = piece.settled
            await self._note(piece.faults, self._with(settled=settled))
        closed = await self._work.db.read(submissions.closed, self._work.movement, *self._asked.whose)
        compares = self._asked.dry_run or closed
        await self._move(self._with(phase="compare" if compares else "stage", closed=sorted(closed)))

    async def _again(self) -> None:
        """Make the file of figures again, on a machine that has none: all of its faults are noted already."""
        cursor = await self._prepare()
        while not cursor.done:
            cursor = (await self._work.parts.cpu.run(checking.check_piece, self._paths, cursor)).cursor
        await self._work.parts.cpu.run(checking.merge, self._paths, cursor.runs)
        settled = Settled()
        while not settled.done:
            settled = (await self._work.parts.cpu.run(checking.settle_piece, self._paths, settled)).settled

    async def _prepare(self) -> Cursor:
        await files.copy(self._work.db, self._work.movement, self._work.id, self._paths.sent)
        rules, spans = await self._work.db.read(_plan, self._work.movement, self._asked.version)
        how = Reading(self._asked.format, self._asked.columns, self._asked.version)
        return await self._readable(self._work.parts.cpu.run(checking.prepare, self._paths, how, rules, spans))

    async def _compare(self) -> None:
        """Hold figures against what is known: to say what would happen, and to find changes of what stands still."""
        async for few, behind in self._slices(Pace(_COMPARED_A_READ)):
            state = self._state
            found = await self._work.db.read(compare, self._work.movement, self._asked.source, few, state.closed)
            state = self._with(
                at=behind, seen=state.seen + len(few), new=state.new + found.new,
                revised=state.revised + found.revised, shut=state.shut + len(found.shut),
            )  # fmt: skip
            await self._note(found.shut, state)
        self._refuse_faulty()
        if self._asked.dry_run:
            await self._move(self._with(phase="done"))
        else:
            await self._move(self._with(phase="stage", at=0, seen=0, new=0, revised=0))

    async def _stage(self) -> None:
        """Write the figures where nobody sees them, and then reveal them all at once."""
        if self._state.import_id is None:
            self._state = _state(await self._work.step(self._begin))
        pace = Pace()
        async for few, behind in self._slices(pace):
            figures = await asyncio.to_thread(lines.figures, few)
            self._state = _state(await self._work.step(pace.timed(self._stage_some), figures, behind))
        self._state = _state(await self._work.step(self._reveal))

    # Steps: each is one transaction, and what it answers is stored in it.

    def _begin(self, session: Session, movement: str) -> Moved:
        import_id = new_id("imp")
        domain.begin_import(
            session, movement, import_id, self._asked.source, self._counts(), self._state.closed,
            job=self._work.id,
        )  # fmt: skip
        return self._moved(self._with(import_id=import_id))

    def _stage_some(self, session: Session, movement: str, few: Sequence[Figure], behind: int) -> Moved:
        closed, state = self._state.closed, self._state
        # What would change a period that stands still is a fault; what says the same need not be written.
        figures = [figure for figure in few if not closed or figure.period.start.isoformat() not in closed]
        if not figures:
            return self._moved(self._with(at=behind, seen=state.seen + len(few)))
        staged = domain.stage_figures(session, movement, self._import, self._asked.source, figures)
        return self._moved(
            self._with(
                at=behind, seen=state.seen + len(few), new=state.new + staged.new,
                revised=state.revised + staged.revised,
            )
        )  # fmt: skip

    def _reveal(self, session: Session, movement: str) -> Moved:
        domain.reveal(session, movement, self._import, self._counts())
        return self._moved(self._with(phase="release", seen=0), settled=True)

    def _release_some(self, session: Session, movement: str) -> Moved:
        if domain.announce_some(session, movement, self._import):
            return self._moved(self._with(seen=self._state.seen + SLICE_ROWS))
        domain.complete_import(session, movement, self._import)
        return self._moved(self._with(phase="done"))

    @property
    def _import(self) -> str:
        if self._state.import_id is None:
            raise TypeError("figures are staged under the id of an import")
        return self._state.import_id

    # How far it is.

    def _with(self, **to: object) -> State:
        return msgspec.structs.replace(self._state, **to)

    async def _note(self, faults: Sequence[Fault], state: State) -> None:
        """Keep faults, in steps; the state moves on with the last of them.

        After a crash the same faults are found again in the same order: those that were kept already are passed over.
        """
        left = list(faults[max(0, self._work.fault_count - self._state.noted) :])
        state = msgspec.structs.replace(state, noted=self._state.noted + len(faults))
        while len(left) > _FAULTS_A_STEP:
            some, left = left[:_FAULTS_A_STEP], left[_FAULTS_A_STEP:]
            await self._move(self._state, some)
        await self._move(state, left)

    async def _move(self, state: State, faults: Sequence[Fault] = ()) -> None:
        await self._work.note(self._moved(state, faults))
        self._state = state

    def _moved(self, state: State, faults: Sequence[Fault] = (), *, settled: bool = False) -> Moved:
        """What a state is of the whole: each row counts once in every phase, whether the phase concerns it or not."""
        rows = 0 if state.cursor is None else state.cursor.rows
        phases = len(_PHASES) - 1
        done = rows if state.phase == "check" else min(_PHASES.index(state.phase) * rows + state.seen, phases * rows)
        total = phases * rows if state.cursor is not None and state.cursor.done else None
        return Moved(position=state, done=done, total=total, faults=faults, settled=settled)

    def _refuse_faulty(self) -> None:
        if self._work.fault_count and self._asked.on_error is OnError.REJECT and not self._asked.dry_run:
            raise FaultyRows("on_error=skip takes the other rows; /faults has every fault")

    def _result(self) -> Result:
        counts = self._counts()
        return Result(
            self._state.import_id, counts.rows, counts.new, counts.revised, counts.unchanged, counts.repeated,
            counts.faulty,
        )  # fmt: skip

    def _counts(self) -> Counts:
        state = self._state
        faulty = state.settled.faulty + state.shut + (0 if state.cursor is None else state.cursor.faulty)
        good = state.settled.figures - state.shut
        unchanged = good - state.new - state.revised if state.phase != "check" else 0
        rows = good + state.settled.repeated + faulty
        return Counts(rows, state.new, state.revised, unchanged, state.settled.repeated, faulty, self._work.fault_count)

    async def _slices(self, pace: Pace) -> AsyncIterator[tuple[Sequence[Line], int]]:
        """The lines behind the state's place, in slices, with the place behind each; read on a thread."""
        behind = self._state.at
        read = lines.lines_from(self._paths.figures, behind)
        while few := await asyncio.to_thread(list, islice(read, pace.size)):
            behind += sum(line.length for line in few)
            yield few, behind

    async def _readable(self, reading: Awaitable[T]) -> T:
        """What the CPU process answers; what makes the whole file unreadable is kept like any other fault."""
        try:
            return await reading
        except Invalid as error:
            await self._move(self._state, error.faults)
            raise


def _plan(session: Session, movement: str, version: str) -> tuple[Rules, Mapping[str, Span]]:
    return Rules.of(published_version(session, movement, version)), places.spans(session)


def _state(moved: Moved) -> State:
    state = moved.position
    if not isinstance(state, State):
        raise TypeError("an import's position is its state")
    return state
