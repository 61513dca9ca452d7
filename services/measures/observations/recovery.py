"""What a crash, a deadline or a lost database left of an import: undone before the reveal, finished after it."""

import asyncio

from services.measures.imports.models import ImportStatus
from services.measures.observations import domain, writing
from shared import clock
from shared.db import Context, Database
from shared.parts import Parts

EVERY_SECONDS = 5.0


async def import_recovery(parts: Parts) -> None:
    """The worker: looks now and then for imports that were left behind."""
    while True:
        await recover(parts.db)
        await asyncio.sleep(EVERY_SECONDS)


async def recover(db: Database) -> int:
    """Undo or finish every import whose lease has passed; answers how many were taken over."""
    taken = 0
    for movement, import_id, actor in await db.read(writing.left_behind, clock.now()):
        bound = db.on_behalf(Context(movement=movement, actor=actor))
        match await bound.write(domain.take_over, movement, import_id):
            case ImportStatus.DISCARDING:
                while await bound.write(domain.discard_some, movement, import_id):
                    pass
            case ImportStatus.RELEASING:
                while await bound.write(domain.announce_some, movement, import_id):
                    pass
                await bound.write(domain.complete_import, movement, import_id)
            case _:
                continue
        taken += 1
    return taken
