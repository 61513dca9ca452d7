"""Finding what may be double, and saying that it is not."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from services.members.base import After
from services.members.directory.duplicates import scoring, store
from services.members.directory.duplicates.models import DuplicateCandidate, DuplicateRules, DuplicateSearch
from services.members.directory.duplicates.nouns import Noun
from services.members.directory.duplicates.scoring import Profile, Weights
from shared import clock
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound

SLICE = 50
"""Records looked at in one transaction: few enough that the writes of people who wait are not held up."""


def look(session: Session, movement: str, noun: Noun, until: datetime) -> bool:
    """Compare the next records that changed with those that share a key with them; whether more of them are left."""
    search = store.up_to(session, movement, noun)
    changed = store.changed(session, movement, noun, search, until, SLICE)
    if not changed:
        return False
    looked_at = [record for record, _ in changed]
    profiles = noun.profiles(session, movement, looked_at)
    keys = {record: scoring.keys(profile) for record, profile in profiles.items()}
    store.set_keys(session, movement, keys)
    sharing = store.sharing(session, movement, set().union(*keys.values()))
    others = {record for records in sharing.values() for record in records} - profiles.keys()
    known = {**profiles, **(noun.profiles(session, movement, others) if others else {})}
    found = scoring.pairs(known, profiles.keys(), sharing, weights(session, movement, noun)[0])
    store.replace(session, movement, noun, looked_at, found)
    if search is None:
        search = DuplicateSearch(movement=movement, noun=noun.name)
        session.add(search)
    search.record, search.up_to = changed[-1]
    return len(changed) == SLICE


def learn(session: Session, movement: str, noun: Noun, record: str) -> None:
    """Let others be compared with a record at once; the search in the background comes to it in a while."""
    keys = scoring.keys(noun.profiles(session, movement, [record])[record])
    store.set_keys(session, movement, {record: keys})


def alike(session: Session, movement: str, noun: Noun, profile: Profile) -> list[str]:
    """Those who look like somebody who is not entered yet, the likeliest first, by the rules of the movement."""
    sharing = store.sharing(session, movement, scoring.keys(profile), least=1)
    others = {record for records in sharing.values() for record in records}
    known = noun.profiles(session, movement, others) if others else {}
    rules = weights(session, movement, noun)[0]
    holders = {key: len(records) + 1 for key, records in sharing.items()}
    scores = {other: scoring.compared(profile, known[other], rules, holders).score for other in known}
    found = [other for other, score in scores.items() if score >= rules.threshold]
    return sorted(found, key=lambda other: (-scores[other], other))


def weights(session: Session, movement: str, noun: Noun) -> tuple[Weights, int]:
    """What each rule counts for the movement, and the version of that; 0 where it goes by the defaults."""
    row = store.rules(session, movement, noun)
    return (Weights(), 0) if row is None else (msgspec.convert(row.weights, Weights), row.version)


def weigh(session: Session, movement: str, noun: Noun, said: Weights, expected: int | None) -> tuple[Weights, int]:
    """Set what each rule counts. Everything is compared again by it. Raises PreconditionFailed."""
    row = store.rules(session, movement, noun)
    hold_to(0 if row is None else row.version, expected)
    if row is None:
        row = DuplicateRules(movement=movement, noun=noun.name, version=0)
        session.add(row)
    row.weights, row.version, row.updated_at = msgspec.to_builtins(said), row.version + 1, clock.now()
    store.start_again(session, movement, noun)
    return said, row.version


def candidates(
    session: Session, movement: str, noun: Noun, *, record: str | None = None, after: After, limit: int
) -> Sequence[DuplicateCandidate]:
    """Pairs that may be of one, the likeliest first: all, or those of one record. Raises NotFound."""
    now = None if record is None else _known(session, movement, noun, record)
    return store.candidates(session, movement, noun, record=now, after=after, limit=limit)


def told_apart(session: Session, movement: str, noun: Noun, record: str) -> Sequence[tuple[str, str, datetime]]:
    """Who is said not to be the same as a record, by whom and when. Raises NotFound."""
    return store.told_apart(session, movement, noun, _known(session, movement, noun, record))


def tell_apart(
    session: Session, movement: str, noun: Noun, record: str, other: str
) -> Sequence[tuple[str, str, datetime]]:
    """Remember that two records are not of one. Again changes nothing. Raises NotFound and Invalid."""
    one = _known(session, movement, noun, record)
    now = noun.current(session, movement, [other])[other]
    if now == one:
        raise Invalid(faults=[Fault("path:other", "is the same record", "same_record")])
    if not store.known(session, movement, noun, [now]):
        raise NotFound
    if now not in {known for known, _, _ in store.told_apart(session, movement, noun, one)}:
        store.tell_apart(session, movement, noun, one, now, of(session).context.actor, clock.now())
    return store.told_apart(session, movement, noun, one)


def take_back(session: Session, movement: str, noun: Noun, record: str, other: str) -> None:
    """Forget that two records are not of one. Raises NotFound where nobody said so."""
    now = noun.current(session, movement, [record, other])
    if not store.take_back(session, movement, noun, now[record], now[other]):
        raise NotFound


def _known(session: Session, movement: str, noun: Noun, record: str) -> str:
    now = noun.current(session, movement, [record])[record]
    if not store.known(session, movement, noun, [now]):
        raise NotFound
    return now
