"""How the job of an import is carried out: each phase in pieces, and after a crash from the last piece on."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Literal

import msgspec
from sqlalchemy.orm import Session

from services.grants.open_data.imports import checking, domain
from services.grants.open_data.imports.checking import Checked, Paths, Taken
from services.grants.open_data.imports.schemas import ImportQuery
from shared.errors import Fault, Invalid
from shared.jobs import files
from shared.jobs.work import Moved, Pace, Work

_FAULTS_A_STEP = 1_000
_A_STEP = 200


class State(msgspec.Struct, frozen=True):
    """How far an import is: at which grant of the file that was sent; then behind which of those that it staged."""

    phase: Literal["check", "stage", "drop", "done"] = "check"
    at: int = 0
    behind: str = ""
    new: int = 0
    changed: int = 0


class Result(msgspec.Struct, frozen=True):
    """What became of a file: its rows are new, changed, unchanged or not taken; ``rules`` is how often each broke."""

    form: str
    rows: int
    new: int
    changed: int
    unchanged: int
    not_taken: int
    valid: int
    rules: Mapping[str, int]


class GrantsImportKind:
    """The kind of job that imports are. What its phases are for is in the package's docstring."""

    name = domain.KIND

    async def carry_out(self, work: Work) -> object:
        """Import the file, and answer what became of its grants."""
        return await _Importing(work).run()

    async def undo(self, work: Work) -> None:
        """Delete what the import has staged, in slices; nobody has seen it."""
        while await work.db.write(domain.forget_some, work.movement, work.id, _A_STEP):
            pass


class _Importing:
    """One import under way."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._said = ImportQuery.model_validate(work.request(dict[str, object]))
        folder = files.folder(work.parts.settings, work.id)
        self._paths = Paths(folder / "sent", folder / "taken")
        self._state = work.position(State) or State()

    async def run(self) -> object:
        checked = await self._check()
        if self._state.phase == "check":
            await self._note(checked)
        if not self._said.dry_run:
            await self._stage()
        return self._result(checked)

    async def _check(self) -> Checked:
        """Check the file in the CPU process; after a crash once more, and with the same result."""
        if not self._paths.sent.exists():
            await files.copy(self._work.db, self._work.movement, self._work.id, self._paths.sent)
        try:
            return await self._work.parts.cpu.run(checking.check, self._paths)
        except Invalid as error:
            await self._work.note(_moved(self._state, faults=error.faults))
            raise

    async def _note(self, checked: Checked) -> None:
        """Keep what is wrong with the file, in steps, from the first fault that is not kept yet."""
        left = list(checked.faults[self._work.fault_count :])
        while left:
            some, left = left[:_FAULTS_A_STEP], left[_FAULTS_A_STEP:]
            await self._work.note(_moved(self._state, total=checked.rows, faults=some))
        self._state = State(phase="stage")
        await self._work.note(_moved(self._state, total=checked.rows))

    async def _stage(self) -> None:
        """Write what is new where nobody sees it, then reveal it all at once, and then drop what it replaces."""
        pace = Pace(_A_STEP)
        grants = checking.taken(self._paths, self._state.at)
        while self._state.phase == "stage":
            few = await asyncio.to_thread(list, islice(grants, pace.size))
            if few:
                self._state = _state(await self._work.step(pace.timed(self._stage_some), few))
            else:
                self._state = _state(await self._work.step(self._reveal))
        while self._state.phase == "drop":
            self._state = _state(await self._work.step(self._drop_some))

    # Steps: each is one transaction, and what it answers is stored in it.

    def _stage_some(self, session: Session, movement: str, grants: Sequence[Taken]) -> Moved:
        new, changed = domain.stage(session, movement, self._work.id, grants)
        return _moved(
            self._with(at=grants[-1].number, new=self._state.new + new, changed=self._state.changed + changed)
        )

    def _reveal(self, session: Session, movement: str) -> Moved:
        domain.reveal(session, movement, self._work.id, self._state.new, self._state.changed)
        return _moved(self._with(phase="drop"), settled=True)

    def _drop_some(self, session: Session, movement: str) -> Moved:
        behind = domain.drop_replaced(session, movement, self._work.id, self._state.behind, _A_STEP)
        return _moved(self._with(phase="done") if behind is None else self._with(behind=behind))

    def _with(self, **to: object) -> State:
        return msgspec.structs.replace(self._state, **to)

    def _result(self, checked: Checked) -> Result:
        state = self._state
        return Result(
            form=checked.form,
            rows=checked.rows,
            new=state.new,
            changed=state.changed,
            unchanged=0 if self._said.dry_run else checked.takeable - state.new - state.changed,
            not_taken=checked.rows if self._said.dry_run else checked.rows - checked.takeable,
            valid=checked.valid,
            rules=checked.rules,
        )


def _moved(state: State, *, total: int | None = None, faults: Sequence[Fault] = (), settled: bool = False) -> Moved:
    return Moved(position=state, done=state.at, total=total, faults=faults, settled=settled)


def _state(moved: Moved) -> State:
    state = moved.position
    if not isinstance(state, State):
        raise TypeError("an import's position is its state")
    return state
