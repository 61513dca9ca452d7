"""How the job of an import is carried out: each phase in pieces, and after a crash from the last piece on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from itertools import islice
from typing import Literal, TypeVar

import msgspec
from sqlalchemy.orm import Session

from services.members import days
from services.members.directory.custom_fields.models import FieldKind
from services.members.directory.imports import checking, columns, domain, store
from services.members.directory.imports.checking import Cursor, Paths, Prepared
from services.members.directory.imports.models import Counts, OnChanged, OnError
from services.members.directory.imports.rows import CheckedRow, CustomRule, Plan
from services.members.directory.imports.schemas import ImportQuery
from services.members.directory.people.schemas import NewProvenance
from shared.errors import AppError, Fault, Invalid
from shared.jobs import files
from shared.jobs.work import Moved, Pace, Work

T = TypeVar("T")

_FAULTS_A_STEP = 2_000
_COMPARED_A_READ = 200
_FORGOTTEN_A_STEP = 100
_RELEASED_A_STEP = 300
_PHASES = ("check", "compare", "stage", "release", "settle", "done")


class FaultyRows(Invalid):
    """Rows of the file have faults and the caller did not ask to skip them: nothing of it was taken."""

    code, title = "faulty_rows", "Rows of the file have faults, and nothing of it was taken"


class State(msgspec.Struct, frozen=True):
    """How far an import is. ``at`` is how many rows the present phase has seen; ``noted`` faults belong to it."""

    phase: Literal["check", "compare", "stage", "release", "settle", "done"] = "check"
    prepared: Prepared | None = None
    cursor: Cursor | None = None
    noted: int = 0
    at: int = 0
    faulty: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0


class PeopleImportKind:
    """The kind of job that imports are. What its phases are for is in the package's docstring."""

    name = domain.KIND

    async def carry_out(self, work: Work) -> object:
        """Import the file, and answer what became of its rows."""
        return await _Importing(work).run()

    async def undo(self, work: Work) -> None:
        """Delete whom the import has written, in slices; nobody has seen them."""
        while await work.db.write(domain.forget_some, work.movement, work.id, _FORGOTTEN_A_STEP):
            pass


class _Importing:
    """One import under way."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._said = ImportQuery.model_validate(work.request(dict[str, object]))
        self._paths = Paths(str(files.folder(work.parts.settings, work.id)))
        self._state = work.position(State) or State()
        self._twice: frozenset[int] = frozenset()

    async def run(self) -> object:
        if self._state.phase != "done":
            await self._check()
        if self._state.phase == "compare":
            await self._compare()
        if self._said.dry_run:
            return self._result()
        if self._state.phase == "stage":
            await self._stage()
        while self._state.phase == "release":
            self._state = _state(await self._work.step(self._release_some))
        if self._state.phase == "settle":
            await self._settle()
        return self._result()

    async def _check(self) -> None:
        """Check every row; in a later phase only make the good rows' file again, where it is gone."""
        paths, checks, cpu = self._paths, self._state.phase == "check", self._work.parts.cpu
        cursor, prepared = self._state.cursor, self._state.prepared
        if cursor is None or prepared is None or not checking.intact(paths, cursor):
            self._state = State() if checks else self._state
            await files.copy(self._work.db, self._work.movement, self._work.id, paths.sent)
            pairs = columns.mapping(self._said.columns)
            prepared = await self._readable(cpu.run(checking.prepare, paths, pairs))
            cursor = Cursor(0, prepared.begins)
        plan = await self._work.db.read(_plan, self._work.movement, prepared)
        while not cursor.done:
            piece = await self._readable(cpu.run(checking.check_piece, paths, prepared.delimiter, plan, cursor))
            cursor = piece.cursor
            if checks:
                state = self._with(prepared=prepared, cursor=cursor, faulty=cursor.faulty)
                await self._note(piece.faults, state)
        twice = await cpu.run(checking.repeated, paths)
        self._twice = frozenset(row.number for row in twice)
        if checks:
            faults = [Fault(None, f"row {row.other} has an id of this one", "repeated_id", row.number) for row in twice]
            faulty = cursor.faulty + sum(not row.faulty for row in twice)
            await self._note(faults, self._with(phase="compare", faulty=faulty))
            self._refuse_faulty()

    async def _compare(self) -> None:
        """Hold every row against who is known."""
        async for few in self._slices(Pace(_COMPARED_A_READ)):
            found = await self._work.db.read(domain.compare, self._work.movement, few, self._work.parts.secrets)
            state = self._state
            state = self._with(
                at=few[-1].number,
                new=state.new + found.new,
                changed=state.changed + found.changed,
                unchanged=state.unchanged + found.unchanged,
                faulty=state.faulty + len(found.faults),
            )
            await self._note(found.faults, state)
        self._refuse_faulty()
        if self._said.dry_run:
            await self._move(self._with(phase="done"))
        else:
            await self._move(self._with(phase="stage", at=0, new=0))

    async def _stage(self) -> None:
        """Write the new people where nobody sees them, and then reveal them all at once."""
        pace = Pace()
        of = self._said.provenance(self._work.id)
        async for few in self._slices(pace):
            self._state = _state(await self._work.step(pace.timed(self._stage_some), few, of))
        self._state = _state(await self._work.step(self._reveal))

    async def _settle(self) -> None:
        """What the rows say besides new people. A row that turns out not to fit is a fault, and the others go on."""
        pace = Pace(50)
        if self._state.changed or self._said.join or self._allows():
            async for few in self._slices(pace):
                try:
                    self._state = _state(await self._work.step(pace.timed(self._settle_some), few))
                except AppError:
                    await self._one_by_one(few)
        self._state = _state(await self._work.step(self._complete))

    async def _one_by_one(self, rows: Sequence[CheckedRow]) -> None:
        for row in rows:
            try:
                self._state = _state(await self._work.step(self._settle_some, [row]))
            except AppError as error:
                if error.status >= 500:
                    raise
                fault = Fault(None, error.detail or error.title, error.code, row.number)
                await self._move(self._with(at=row.number), [fault])

    # Steps: each is one transaction, and what it answers is stored in it.

    def _stage_some(self, session: Session, movement: str, rows: Sequence[CheckedRow], of: NewProvenance) -> Moved:
        new = domain.stage(session, movement, self._work.id, rows, of, self._work.parts.secrets)
        return self._moved(self._with(at=rows[-1].number, new=self._state.new + new))

    def _reveal(self, session: Session, movement: str) -> Moved:
        domain.reveal(session, movement, self._work.id)
        return self._moved(self._with(phase="release", at=0), settled=True)

    def _release_some(self, session: Session, movement: str) -> Moved:
        told = domain.release_some(session, movement, self._work.id, _RELEASED_A_STEP)
        return self._moved(self._with(at=self._state.at + told) if told else self._with(phase="settle", at=0))

    def _settle_some(self, session: Session, movement: str, rows: Sequence[CheckedRow]) -> Moved:
        domain.settle(session, movement, self._work.id, rows, self._said)
        return self._moved(self._with(at=rows[-1].number))

    def _complete(self, session: Session, movement: str) -> Moved:
        changed = self._state.changed if self._said.on_changed is OnChanged.UPDATE else 0
        domain.complete(session, movement, self._work.id, self._state.new, changed)
        return self._moved(self._with(phase="done"))

    # How far it is.

    def _with(self, **to: object) -> State:
        return msgspec.structs.replace(self._state, **to)

    async def _note(self, faults: Sequence[Fault], state: State) -> None:
        """Keep faults, in steps; the state moves on with the last of them.

        After a crash the same faults are found again in the same order: those that were kept already are passed over.
        """
        left = list(faults[self._work.fault_count - self._state.noted :])
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
        whole = state.cursor is not None and state.cursor.done
        phases = 2 if self._said.dry_run else len(_PHASES) - 1
        done = rows if state.phase == "check" else min(_PHASES.index(state.phase) * rows + state.at, phases * rows)
        total = phases * rows if whole else None
        return Moved(position=state, done=done, total=total, faults=faults, settled=settled)

    def _refuse_faulty(self) -> None:
        if self._work.fault_count and self._said.on_error is OnError.REJECT and not self._said.dry_run:
            raise FaultyRows("on_error=skip takes the other rows; /faults has every fault")

    def _result(self) -> Counts:
        state, updates = self._state, self._said.on_changed is OnChanged.UPDATE
        return Counts(
            rows=state.faulty + state.new + state.changed + state.unchanged,
            new=state.new,
            changed=state.changed if updates else 0,
            unchanged=state.unchanged,
            skipped=0 if updates else state.changed,
            faulty=state.faulty,
        )

    async def _slices(self, pace: Pace) -> AsyncIterator[list[CheckedRow]]:
        """The good rows behind the state's, in slices; read on a thread, for unpickling takes its time."""
        rows = checking.checked_rows(self._paths, self._twice, self._state.at)
        while few := await asyncio.to_thread(list, islice(rows, pace.size)):
            yield few

    def _allows(self) -> bool:
        prepared = self._state.prepared
        return prepared is not None and any(each.meaning.startswith("permission.") for each in prepared.columns)

    async def _readable(self, reading: Awaitable[T]) -> T:
        """What the CPU process answers; what makes the whole file unreadable is kept like any other fault."""
        try:
            return await reading
        except Invalid as error:
            await self._move(self._state, error.faults)
            raise


def _plan(session: Session, movement: str, prepared: Prepared) -> Plan:
    keys = [column.meaning.partition(".")[2] for column in prepared.columns if column.meaning.startswith("custom.")]
    rules = {
        field.key: CustomRule(FieldKind(field.kind), field.choices, field.retired)
        for field in store.custom_fields(session, movement, keys)
    }
    return Plan(prepared.columns, prepared.width, rules, days.today(session, movement))


def _state(moved: Moved) -> State:
    state = moved.position
    if not isinstance(state, State):
        raise TypeError("an import's position is its state")
    return state
