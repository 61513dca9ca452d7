"""The file that comes with a job: kept in the service's database until the job is done with it.

So an answer of 202 is as good as any other, whichever process is killed and whichever replica takes the job; the copy
on disk, which the CPU process reads, can be made again at any time.
"""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from fastapi import Response

from shared.calls import REPLAYED, CallOf
from shared.db import Bound
from shared.jobs import store
from shared.settings import Settings

PIECE_BYTES = 256 * 1024
"""What one transaction takes of a file: some milliseconds of the writer's time."""


async def asked_with(call: CallOf, job: str, ask: Callable[[], Awaitable[Response]]) -> Response:
    """Keep the body for a job, and then ask for it; where that is refused, or was done before, the file is dropped."""
    await receive(call, job)
    db = call.parts.db.on_behalf(call.context)
    try:
        answered = await ask()
    except BaseException:
        await drop(db, call.movement, job)
        raise
    if REPLAYED in answered.headers:
        await drop(db, call.movement, job)
    return answered


async def receive(call: CallOf, job: str) -> int:
    """Keep the body of a route that takes a large one, for a job that is asked for next. Answers its length in bytes.

    A body that breaks off leaves nothing behind.
    """
    number = length = 0
    try:
        async for piece in _pieces(call.upload()):
            await call.bound.write(store.add_piece, call.movement, job, number, piece)
            number, length = number + 1, length + len(piece)
    except BaseException:
        await drop(call.parts.db.on_behalf(call.context), call.movement, job)
        raise
    return length


async def drop(db: Bound, movement: str, job: str) -> None:
    """Delete a job's file from the database, in slices."""
    while await db.write(store.drop_pieces, movement, job):
        pass


async def copy(db: Bound, movement: str, job: str, target: Path) -> None:
    """Write a job's file to disk, whole or not at all."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    number = 0
    with unfinished.open("wb") as written:
        while (piece := await db.read(store.piece, movement, job, number)) is not None:
            written.write(piece)
            number += 1
    unfinished.replace(target)


def folder(settings: Settings, job: str) -> Path:
    """Where a job may keep files of its own while it runs; only its owner reads them."""
    made = settings.data_dir.absolute() / "jobs" / job
    made.mkdir(mode=0o700, parents=True, exist_ok=True)
    return made


def clear(settings: Settings, job: str) -> None:
    """Delete a job's files on disk."""
    shutil.rmtree(settings.data_dir.absolute() / "jobs" / job, ignore_errors=True)


async def _pieces(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    held: list[bytes] = []
    size = 0
    async for came in body:
        held.append(came)
        size += len(came)
        if size >= PIECE_BYTES:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)
