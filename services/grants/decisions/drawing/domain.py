"""Committing to a round's seed, and showing it: nobody can have chosen it to suit anybody.

The digest is on the log and in the API from the moment a round opens, before anybody has applied. The seed itself is
sealed until the order is reckoned; then everybody can reckon it again, by ``recount.py``.
"""

import secrets as random

from sqlalchemy.orm import Session

from services.grants.decisions.drawing import store
from services.grants.decisions.drawing.models import Seed
from services.grants.decisions.ranking import digest_of
from services.grants.rounds import domain as rounds
from services.grants.rounds import store as round_rows
from services.grants.rounds.models import Round
from shared import clock, outbox
from shared.errors import NotFound
from shared.events.grants.decisions import SeedCommitted, SeedRevealed
from shared.ids import new_id
from shared.secrets import Secrets

_BYTES = 32


def open_round(session: Session, movement: str, round_id: str, secrets: Secrets) -> Round:
    """Open a round and promise its seed in the same transaction: nobody can have applied before."""
    opened = rounds.open_round(session, movement, round_id)
    commit(session, movement, round_id, secrets)
    return opened


def commit(session: Session, movement: str, round_id: str, secrets: Secrets) -> Seed:
    """The round's seed, made and promised now where there is none yet."""
    round_rows.for_change(session, movement, round_id)  # of two who would make one, the second finds it
    seed = store.find(session, movement, round_id)
    if seed is None:
        chosen = random.token_hex(_BYTES)
        sealed = secrets.seal(chosen.encode(), bound_to=_place(movement, round_id))
        digest = digest_of(chosen)
        seed = Seed(
            movement=movement,
            round_id=round_id,
            id=new_id("draw"),
            digest=digest,
            sealed=sealed,
            committed_at=clock.now(),
        )
        store.add(session, seed)
        outbox.record(session, SeedCommitted(draw=seed.id, round=round_id, digest=digest))
    return seed


def reveal(session: Session, movement: str, round_id: str, secrets: Secrets) -> str:
    """Show the round's seed, for good, and answer it."""
    committed = commit(session, movement, round_id, secrets)
    if committed.seed is None:
        committed.seed = secrets.open(committed.sealed, bound_to=_place(movement, round_id)).decode()
        committed.revealed_at = clock.now()
        outbox.record(session, SeedRevealed(draw=committed.id, seed=committed.seed))
    return committed.seed


def read(session: Session, movement: str, round_id: str) -> Seed:
    """The seed of a round, or NotFound: it has not opened."""
    found = store.find(session, movement, round_id)
    if found is None:
        raise NotFound("no seed was promised for such a round")
    return found


def _place(movement: str, round_id: str) -> bytes:
    return f"draw_seeds {movement} {round_id}".encode()
