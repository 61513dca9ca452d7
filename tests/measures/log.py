"""What the service has put into its outbox, in the order in which it was recorded."""

import json

import sqlalchemy as sa
from fastapi import FastAPI

from shared.db import Session
from shared.db.infrastructure import outbox
from tests.measures.caller import Json


async def recorded(app: FastAPI) -> list[tuple[str, Json]]:
    """Type and payload of every event."""
    events: list[tuple[str, Json]] = await app.state.parts.db.read(_events)
    return events


def _events(session: Session) -> list[tuple[str, Json]]:
    rows = session.execute(sa.select(outbox.c.type, outbox.c.payload).order_by(outbox.c.id))
    return [(kind, json.loads(payload)) for kind, payload in rows]
