"""What a service has told the others: its outbox, read by tests."""

from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from fastapi import FastAPI
from sqlalchemy.orm import Session

from shared.db.infrastructure import outbox
from shared.outbox import HELD


class Told(NamedTuple):
    """An event as it was recorded."""

    type: str
    key: str
    sequence: int
    payload: dict[str, Any]


async def told(app: FastAPI, movement: str) -> list[Told]:
    """Every event of a movement so far, in the order of their recording, but for what is held back."""

    def query(session: Session) -> list[Told]:
        columns = outbox.c.type, outbox.c.key, outbox.c.sequence, outbox.c.payload
        not_held = outbox.c.published_at.is_distinct_from(HELD)
        rows = session.execute(sa.select(*columns).where(outbox.c.movement == movement, not_held).order_by(outbox.c.id))
        return [Told(kind, key, sequence, msgspec.json.decode(payload)) for kind, key, sequence, payload in rows]

    events: list[Told] = await app.state.parts.db.read(query)
    return events
