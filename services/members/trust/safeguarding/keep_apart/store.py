"""Who is kept apart from whom: what all ask who bring people together, or list them side by side."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.directory.people.store import current, ids_of
from services.members.trust.safeguarding import store
from services.members.trust.safeguarding.keep_apart.models import ApartPair, KeptApart

TABLE, KIND = ApartPair, KeptApart


def list_pairs(session: Session, movement: str, *, person: str | None, after: After, limit: int) -> Sequence[KeptApart]:
    """The records in the order of their making: all of them, or those that a person is in."""
    if person is None:
        return store.page(session, movement, TABLE, KIND, wanted=lambda pair: True, after=after, limit=limit)
    return store.next_of(store.about(session, movement, TABLE, KIND, person), lambda pair: True, after, limit)


def from_whom(session: Session, movement: str, person: str) -> frozenset[str]:
    """Everybody who is kept apart from a person, by the ids that they have now and by those that they were recorded
    under."""
    theirs = ids_of(session, movement, person)
    pairs = [pair for pair in store.about(session, movement, TABLE, KIND, person) if pair.in_force]
    others = {each for pair in pairs for each in pair.people()} - theirs
    if not others:
        return frozenset()
    return frozenset(others.union(current(session, movement, others).values()) - theirs)


def are_apart(session: Session, movement: str, person: str, other: str) -> bool:
    """Whether two people are kept apart."""
    return not ids_of(session, movement, other).isdisjoint(from_whom(session, movement, person))


def apart_among(session: Session, movement: str, people: Collection[str]) -> frozenset[str]:
    """Those of some people who are kept apart from another of them: who is not listed where the others are."""
    pairs = [pair.people() for pair in store.every(session, movement, TABLE, KIND) if pair.in_force]
    if not pairs:
        return frozenset()
    now = current(session, movement, {each for pair in pairs for each in pair} | set(people))
    here = {now[each]: each for each in people}
    found = set()
    for one, other in ((now[one], now[other]) for one, other in pairs):
        if one != other and one in here and other in here:
            found |= {here[one], here[other]}
    return frozenset(found)
