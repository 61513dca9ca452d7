"""How a directory is loaded: piece by piece, each one transaction, after a crash from the last one on."""

import asyncio
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from services.measures.imports.domain import FaultyRows
from services.measures.imports.models import OnError
from services.measures.postcodes import domain, rows
from services.measures.postcodes.rows import Piece
from shared.errors import Invalid
from shared.jobs import files
from shared.jobs.work import Moved, Pace, Work

_FORGOTTEN_A_STEP = 500


class Asked(msgspec.Struct):
    """What was asked for."""

    edition: str
    columns: dict[str, str]
    on_error: OnError


class State(msgspec.Struct, frozen=True):
    """How far it is: the next piece begins at `offset` (0: nothing is read yet), with row `number`."""

    offset: int = 0
    number: int = 1


class DirectoryKind:
    """The kind of job that loads a directory."""

    name = domain.KIND

    async def carry_out(self, work: Work) -> object:
        """Load the file, and answer how many rows it had and how many had a fault."""
        asked, state = work.request(Asked), work.position(State) or State()
        path = files.folder(work.parts.settings, work.id) / "directory.csv"
        if not path.exists():
            await files.copy(work.db, work.movement, work.id, path)
        try:
            state = await _load(work, asked, path, state)
        except Invalid as error:
            await work.note(Moved(position=state, done=state.number - 1, faults=error.faults))
            raise
        if work.fault_count and asked.on_error is OnError.REJECT:
            raise FaultyRows("on_error=skip takes the other rows; /faults has every fault")
        await work.step(_shown, work.id, state)
        return {"rows": state.number - 1, "faulty": work.fault_count}

    async def undo(self, work: Work) -> None:
        """Delete what was loaded, in slices; nobody has seen it."""
        while await work.db.write(domain.forget_some, work.movement, work.id, _FORGOTTEN_A_STEP):
            pass


async def _load(work: Work, asked: Asked, path: Path, state: State) -> State:
    begins, positions = await asyncio.to_thread(rows.header, path, asked.columns)
    pace, piece = Pace(200), None
    while piece is None or not piece.over:
        offset = state.offset or begins
        piece = await asyncio.to_thread(rows.read_piece, path, positions, offset, state.number, pace.size)
        state = State(piece.offset, piece.number)
        await work.step(pace.timed(_taken), work.id, piece, state)
    return state


def _taken(session: Session, _movement: str, job: str, piece: Piece, state: State) -> Moved:
    domain.take(session, job, piece.rows)
    return Moved(position=state, done=state.number - 1, faults=piece.faults)


def _shown(session: Session, _movement: str, job: str, state: State) -> Moved:
    domain.show(session, job)
    return Moved(position=state, done=state.number - 1, settled=True)
