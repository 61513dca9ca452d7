"""From a person to the pseudonyms that their answers are under: by the key alone, and never the other way."""

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from services.members.directory.people import store as people
from services.members.trust.equality.models import RING
from shared.db.session import ring


def newest(session: Session, movement: str, person: str) -> bytes:
    """The pseudonym of somebody's answers from now on."""
    return ring(session, RING).blind(_named(movement, person))


def every(session: Session, movement: str, ids: Iterable[str]) -> Iterator[tuple[bytes, str]]:
    """Each pseudonym that these ids may have answers under, by the keys that are and were, with the id."""
    keys = ring(session, RING)
    return ((blinded, person) for person in ids for blinded in keys.blinds(_named(movement, person)))


def of(session: Session, movement: str, person: str) -> list[bytes]:
    """Every pseudonym that somebody may have answers under, by whichever id they ever had."""
    return [blinded for blinded, _ in every(session, movement, people.ids_of(session, movement, person))]


def _named(movement: str, person: str) -> str:
    return f"{movement}\n{person}"
