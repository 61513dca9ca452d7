"""The verbs of the glossary: enter, change and drop a word."""

from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from services.measures.glossary import store
from services.measures.glossary.models import Usage as Stored
from services.measures.glossary.models import Word
from services.measures.glossary.schemas import NewWord, Usage, WordChanges
from shared import clock
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.ids import new_id
from shared.partners import answering as partners


class WordTaken(Conflict):
    """The glossary has the word already; `word` is its id."""

    code, title = "word_taken", "The glossary has this word already"


def enter(session: Session, movement: str, said: NewWord) -> Word:
    """Enter a word. Raises WordTaken and Invalid (`unknown_organisation`, `unknown_version`)."""
    _refuse_unknown(session, movement, said.used_otherwise, said.measure_versions)
    folded = said.word.lower()
    if (same := store.same(session, movement, folded)) is not None:
        raise WordTaken(word=same)
    now = clock.now()
    word = Word(
        movement=movement, id=new_id("word"), word=said.word, folded=folded, meaning=said.meaning,
        used_otherwise=_stored(said.used_otherwise), measure_versions=sorted(set(said.measure_versions)), version=1,
        created_at=now, updated_at=now,
    )  # fmt: skip
    store.add(session, word)
    return word


def change(session: Session, movement: str, word: str, said: WordChanges, expected: int | None) -> Word:
    """Say otherwise what a word means. Raises NotFound, PreconditionFailed and Invalid."""
    found = _held(session, movement, word, expected)
    _refuse_unknown(session, movement, said.used_otherwise or (), said.measure_versions or ())
    said.apply(found, "meaning")
    if said.used_otherwise is not None:
        found.used_otherwise = _stored(said.used_otherwise)
    if said.measure_versions is not None:
        found.measure_versions = sorted(set(said.measure_versions))
    found.version, found.updated_at = found.version + 1, clock.now()
    return found


def drop(session: Session, movement: str, word: str, expected: int | None) -> None:
    """Take a word out. Raises NotFound and PreconditionFailed."""
    store.delete(session, _held(session, movement, word, expected))


def read(session: Session, movement: str, word: str) -> Word:
    """One word. Raises NotFound."""
    found = store.find(session, movement, word)
    if found is None:
        raise NotFound("there is no such word")
    return found


def list_words(session: Session, movement: str, q: str | None, after: str, limit: int) -> Sequence[Word]:
    """A page of the glossary, in the order of the alphabet."""
    return store.page(session, movement, q=q, after=after, limit=limit)


def _held(session: Session, movement: str, word: str, expected: int | None) -> Word:
    found = store.find(session, movement, word, locked=True)
    if found is None:
        raise NotFound("there is no such word")
    hold_to(found.version, expected)
    return found


def _refuse_unknown(session: Session, movement: str, usages: Sequence[Usage], versions: Sequence[str]) -> None:
    if faults := [*_unknown(session, movement, usages, versions)]:
        raise Invalid(faults=faults)


def _unknown(session: Session, movement: str, usages: Sequence[Usage], versions: Sequence[str]) -> Iterator[Fault]:
    for place, usage in enumerate(usages):
        pointer = f"/used_otherwise/{place}/organisation"
        if (fault := partners.fault_of(session, movement, usage.organisation, pointer)) is not None:
            yield fault
    known = store.known_versions(session, movement, versions)
    for place, version in enumerate(versions):
        if version not in known:
            yield Fault(f"/measure_versions/{place}", "is no version of this movement", "unknown_version")


def _stored(usages: Sequence[Usage]) -> list[Stored]:
    return [Stored(organisation=usage.organisation, meaning=usage.meaning) for usage in usages]
