"""The worker that opens published rounds and closes open ones, each at its instant."""

import asyncio

from sqlalchemy.orm import Session

from services.grants.decisions.drawing import domain as drawing
from services.grants.rounds import domain, store
from shared import clock
from shared.errors import Conflict
from shared.parts import Parts
from shared.secrets import Secrets

SECONDS_BETWEEN_LOOKS = 1.0
_SLICE = 100


async def open_and_close_rounds(parts: Parts) -> None:
    """Look again and again. Killed, it goes on with the next look."""
    while True:
        await look(parts)
        await asyncio.sleep(SECONDS_BETWEEN_LOOKS)


async def look(parts: Parts) -> None:
    """Open and close whatever is due, each round in a transaction of its own: one held up holds up no other."""
    for movement, round_id in await parts.db.read(store.due, clock.now(), _SLICE):
        db = parts.acting_in(movement)
        try:
            await db.write(carry_out, movement, round_id, parts.secrets)
        except Conflict as refused:
            await db.write(domain.hold_up, movement, round_id, refused.code)


def carry_out(session: Session, movement: str, round_id: str, secrets: Secrets) -> None:
    """Open or close a round, if its instant has come and nobody else did it meanwhile."""
    due, now = domain.for_change(session, movement, round_id), clock.now()
    if due.opens_by_itself(now):
        drawing.open_round(session, movement, round_id, secrets)
    elif due.closes_by_itself(now):
        domain.close_round(session, movement, round_id)
