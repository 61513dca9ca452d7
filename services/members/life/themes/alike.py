"""How like one another voices are in their words: pure functions over text.

Two voices are compared by the words that say something: case, accents, punctuation and the commonest English words are
left out. Their likeness is the mean of two measures of RapidFuzz: what the words have in common whatever else is said,
and the whole of both in alphabetical order. It sees words and not meanings: a bus is not like public transport, and a
voice in Welsh is like none in English. So it suggests, and a person confirms.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import combining, normalize

from rapidfuzz import fuzz

_WORD = re.compile(r"\w+")
_COMMON = """
a all also am an and any are as at be because been but by can cannot could did do does don for from get gets go goes
going had has have he her here him his how i if in into is it its just like lot ll many me more most much my need needs
no not nothing of off on one only or our out people re s she should so some somebody somewhere t than that the their
them then there these they this to too up us use ve very want was we were what when where which who why will with would
you your
"""
_SAY_LITTLE = frozenset(_COMMON.split())


class Said(NamedTuple):
    """A voice and its words."""

    voice: str
    words: str


class Group(NamedTuple):
    """Voices that are alike, in the order in which they were raised, and the words that most of them have."""

    voices: list[Said]
    shared_words: list[str]


def likeness(one: str, other: str) -> float:
    """How like two texts are, from 0 to 100."""
    return _likeness(_telling(one), _telling(other))


def groups(voices: Sequence[Said], at_least: float) -> list[Group]:
    """Those voices that are at least this like on average to all of a group, the largest group first.

    Each voice joins the group that it is likest to; what is like nothing is in none. Every pair is compared once.
    """
    gathered: list[list[tuple[Said, str]]] = []
    for said in voices:
        text = _telling(said.words)
        best, nearest = at_least, None
        for group in gathered:
            mean = sum(_likeness(text, other) for _, other in group) / len(group)
            if mean >= best:
                best, nearest = mean, group
        if nearest is None:
            gathered.append([(said, text)])
        else:
            nearest.append((said, text))
    found = [
        Group([said for said, _ in group], _shared([text for _, text in group])) for group in gathered if len(group) > 1
    ]
    return sorted(found, key=lambda group: -len(group.voices))


def _likeness(one: str, other: str) -> float:
    if not one or not other:
        return 0.0
    return (fuzz.token_set_ratio(one, other) + fuzz.token_sort_ratio(one, other)) / 2


def _telling(text: str) -> str:
    """The words of a text that say something, folded."""
    plain = "".join(mark for mark in normalize("NFKD", text.casefold()) if not combining(mark))
    return " ".join(word for word in _WORD.findall(plain) if word not in _SAY_LITTLE)


def _shared(texts: Sequence[str]) -> list[str]:
    counted = Counter(word for text in texts for word in dict.fromkeys(text.split()))
    return [word for word, times in counted.most_common(5) if times * 2 > len(texts)]
