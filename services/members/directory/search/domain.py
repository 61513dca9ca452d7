"""Finding by name: first whoever is called exactly that, then by beginnings of words, then by what it may have meant.

Each word of the query stands for one word of the name, in any order. A slip of the finger is an insertion, a deletion,
a substitution or two letters that changed places (the optimal string alignment distance); how many are allowed grows
with the word, as in the fuzziness ``AUTO`` of Elasticsearch and Lucene: none in up to two letters, one in up to five,
two in longer ones.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import OSA
from sqlalchemy.orm import Session

from services.members.directory.people import names
from services.members.directory.search import store
from services.members.directory.search.store import Named, Sought

MOST_WORDS = 6
_CANDIDATES = 200
"""How many are fetched to be ranked; how many words of the movement one misspelt word is compared with."""

_Query = Callable[[Session, str, Sequence[Sought], int], list[Named]]


class Noun(StrEnum):
    """What can be found."""

    PERSON = "person"
    ORGANISATION = "organisation"


class Match(StrEnum):
    """How a name matches: word for word, by the beginnings of its words, or nearly."""

    EXACT = "exact"
    BEGINS = "begins"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody or something that was found. ``distance`` orders: 0 for every word as it was sought."""

    noun: Noun
    named: Named
    match: Match
    distance: float


_QUERIES: dict[Noun, _Query] = {Noun.PERSON: store.people, Noun.ORGANISATION: store.organisations}


def search(session: Session, movement: str, q: str, nouns: Sequence[Noun], limit: int) -> list[Found]:
    """The best matches for a query, the best first: of people, of organisations, or of both alike."""
    words = names.words(q)[:MOST_WORDS]
    if not words:
        return []
    found: dict[str, Found] = {}
    for sought in _stages(session, movement, words):
        for noun in nouns:
            for named in _QUERIES[noun](session, movement, sought, _CANDIDATES):
                if named.id not in found:
                    found[named.id] = _ranked(noun, named, words)
        if len(found) >= limit:
            break
    return sorted(found.values(), key=lambda each: (each.distance, each.named.name, each.named.id))[:limit]


def _stages(session: Session, movement: str, words: Sequence[str]) -> Iterator[list[Sought]]:
    """What is looked for, more and more broadly; what misspelt words may mean is looked up only when it comes to it."""
    yield [Sought(None, [word]) for word in words]
    yield [Sought(word) for word in words]
    meant = [_meant(session, movement, word) for word in words]
    if any(meant):
        yield [Sought(word, other) for word, other in zip(words, meant, strict=True)]


def _meant(session: Session, movement: str, word: str) -> list[str]:
    """The movement's words that a misspelt one may have been meant for: whole, or by their beginning."""
    allowed = _slips(word)
    if not allowed:
        return []
    # One slip touches at most four trigrams, a swap of neighbours; the third that is asked for cuts off the tail.
    near = store.resembling(session, movement, word, sharing=max(1, len(word) // 3), limit=_CANDIDATES)
    return [other for other in near if _slips_between(word, other) <= allowed]


def _slips(word: str) -> int:
    """How many slips are allowed in a word."""
    return 0 if len(word) < 3 else 1 if len(word) < 6 else 2


def _slips_between(word: str, other: str) -> int:
    """How far a word is from another one, or from its beginning."""
    return min(OSA.distance(word, other), OSA.distance(word, other[: len(word)]))


def _ranked(noun: Noun, named: Named, words: Sequence[str]) -> Found:
    """How well a name matches: for each word the best of the name's, counted in slips, and a little for a beginning."""
    called = names.words(f"{named.name} {named.known_as or ''}")
    distances = [min(_distance(word, other) for other in called) for word in words]
    worst = max(distances)
    match = Match.EXACT if worst == 0 else Match.BEGINS if worst < 1 else Match.CLOSE
    return Found(noun, named, match, sum(distances))


def _distance(word: str, other: str) -> float:
    """0 for the same word, less than 1 for a beginning of it, and from 1 on for slips."""
    if word == other:
        return 0.0
    beginning = 0.5 * (1 - len(word) / max(len(other), len(word) + 1))
    if other.startswith(word):
        return beginning
    return min(float(OSA.distance(word, other)), OSA.distance(word, other[: len(word)]) + beginning)
