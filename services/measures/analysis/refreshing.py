"""Bringing the read model up to what the store knows, before each question: so it never answers with less.

Imports are revealed one after the other, but on PostgreSQL one that was recorded a moment earlier may be committed a
moment later; so each look goes back a while behind the newest that is known, and takes what it has not yet.
"""

import asyncio
import weakref
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

from services.measures.analysis import store
from services.measures.analysis.model import ReadModel
from shared.db import Bound
from shared.errors import Unavailable
from shared.parts import Parts

_LATE = timedelta(minutes=10)
"""How much later than its own moment an import may be committed: longer than any transaction lives."""
_PATIENCE = 15.0
"""Seconds that a question waits: making the model of millions of figures takes minutes, and goes on without it."""
_ROWS = 20_000
"""Rows read and taken in at once."""

_held: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, dict[str, Held]]" = weakref.WeakKeyDictionary()


class Held:
    """The read model of a running service, whose turn it is to bring it up to date, and who is at it."""

    def __init__(self, model: ReadModel) -> None:
        self.model = model
        self.turn = asyncio.Lock()
        self.at_work: dict[str, asyncio.Task[None]] = {}
        self.as_of: dict[str, int] = {}
        """By movement, how often the store had changed when the model was last brought up to date."""

    async def refresh(self, database: Bound, movement: str) -> None:
        """Bring a movement's figures up to date."""
        async with self.turn:
            changes = database.database.changes
            await _refresh(self.model, database, movement)
            if changes is not None:
                self.as_of[movement] = changes


async def read_model(parts: Parts) -> None:
    """The worker that closes the model's file when the service ends."""
    try:
        await asyncio.Event().wait()
    finally:
        held = _models().pop(_key(parts), None)
        if held is not None:
            for task in held.at_work.values():
                task.cancel()
            await asyncio.gather(*held.at_work.values(), return_exceptions=True)
            held.model.close()


@asynccontextmanager
async def up_to_date(parts: Parts, movement: str) -> AsyncIterator[ReadModel]:
    """The read model, holding every figure of the movement that was revealed before this moment.

    Raises Unavailable where that takes long, which it does when it is made anew; it goes on meanwhile.
    """
    path = parts.settings.data_dir / "analysis" / "figures.duckdb"
    held = _models().setdefault(_key(parts), Held(ReadModel(path)))
    if held.model.is_there() and held.as_of.get(movement) == parts.db.changes is not None:
        yield held.model
        return
    until = asyncio.get_running_loop().time() + _PATIENCE
    # Who is at it already may have looked before the last figures were revealed: so it looks once more.
    for _ in range(2):
        running = held.at_work.get(movement)
        begun = running is not None and not running.done()
        if running is None or not begun:
            running = asyncio.create_task(held.refresh(parts.acting_in(movement), movement))
            held.at_work[movement] = running
        await asyncio.wait({running}, timeout=until - asyncio.get_running_loop().time())
        if not running.done():
            raise Unavailable("the figures are being put into columns; try again", headers={"retry-after": "10"})
        running.result()
        if not begun:
            break
    yield held.model


async def _refresh(model: ReadModel, database: Bound, movement: str) -> None:
    applied = await asyncio.to_thread(model.applied, movement, _LATE)
    since = max(applied.values()) - _LATE if applied else None
    recorded = await database.read(store.recorded, movement, since)
    news = [(import_id, at) for import_id, at in recorded if import_id not in applied]
    if not news:
        return
    try:
        await _stage(model, database, movement, [import_id for import_id, _ in news])
        await asyncio.to_thread(model.take, movement, news)
    except BaseException:
        await asyncio.shield(asyncio.to_thread(model.discard))
        raise


async def _stage(model: ReadModel, database: Bound, movement: str, imports: Sequence[str]) -> None:
    """Take the figures of these imports in, some at a time: many imports hold one figure, and one may hold millions."""
    waiting: list[Sequence[object]] = []
    for import_id in imports:
        after = ""
        while rows := await database.read(store.rows_of, movement, import_id, after, _ROWS):
            waiting += rows
            after = rows[-1][1]
            if len(waiting) >= _ROWS:
                await asyncio.to_thread(model.stage, waiting)
                waiting = []
            if len(rows) < _ROWS:
                break
    if waiting:
        await asyncio.to_thread(model.stage, waiting)


def _models() -> dict[str, Held]:
    return _held.setdefault(asyncio.get_running_loop(), {})


def _key(parts: Parts) -> str:
    return str(parts.settings.data_dir.absolute())
