"""Every SQL statement about seeds."""

from sqlalchemy.orm import Session

from services.grants.decisions.drawing.models import Seed


def find(session: Session, movement: str, round_id: str) -> Seed | None:
    """The seed of a round."""
    return session.get(Seed, (movement, round_id))


def add(session: Session, seed: Seed) -> None:
    """Keep a seed."""
    session.add(seed)
