"""Two versions of the agenda beside each other, in words: what came, what went, and what is said otherwise."""

from collections.abc import Iterator, Mapping

from services.members.life.agenda.models import Agenda, PointKind


def in_words(earlier: Agenda, later: Agenda) -> list[str]:
    """A sentence for each difference: the vision, then outcomes and values by their keys, then the words."""
    if earlier.id == later.id:
        return []
    return [*_sentences(earlier, later)]


def named(agenda: Agenda) -> str:
    """What a version is called in a sentence."""
    return "the draft" if agenda.number is None else f"version {agenda.number}"


def _sentences(earlier: Agenda, later: Agenda) -> Iterator[str]:
    before, after = named(earlier), named(later)
    if earlier.vision != later.vision:
        yield f"The vision of {before} is “{earlier.vision}”, and that of {after} “{later.vision}”."
    for kind in PointKind:
        was, now = _by_key(earlier, kind), _by_key(later, kind)
        for key, words in was.items():
            if key not in now:
                yield f"The {kind} “{words}” is in {before} and not in {after}."
            elif now[key] != words:
                yield f"The {kind} that {before} words as “{words}” is “{now[key]}” in {after}."
        yield from (f"The {kind} “{now[key]}” is new in {after}." for key in now if key not in was)
    was, now = _meanings(earlier), _meanings(later)
    for word, meaning in was.items():
        if word not in now:
            yield f"The word “{word}” is explained in {before} and not in {after}."
        elif now[word] != meaning:
            yield f"By “{word}” {before} means “{meaning}”, and {after} “{now[word]}”."
    yield from (f"The word “{word}” is explained in {after} alone: “{now[word]}”." for word in now if word not in was)


def _by_key(agenda: Agenda, kind: PointKind) -> Mapping[str, str]:
    return {point.key: point.words for point in agenda.of_kind(kind)}


def _meanings(agenda: Agenda) -> Mapping[str, str]:
    return {word.word: word.meaning for word in agenda.words}
