"""The words of a text: folded and weighed for the index, and found again in the text for a snippet.

There is no stemming: `walks` is not `walking`. A search matches beginnings of words instead, in every language alike.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import category, combining, normalize

TITLE_COUNTS = 4
"""A word of the title counts as often as this many in the body."""

# BM25's constants, and a length that stands for the average one, which would change with every text: Robertson and
# Zaragoza, The Probabilistic Relevance Framework (2009), equations 3.15 and 3.19.
_SATURATION, _LENGTH_MATTERS, _USUAL_LENGTH = 1.2, 0.75, 400
_SCALE = 100
_LONGEST = 60
_WORDS_IN_A_SNIPPET, _LEAD = 30, 5

# Python's \w knows no marks, and in Hindi, Punjabi or Arabic a word is broken at each of its vowels without them.
_MARKS = "".join(mark for mark in map(chr, range(0x300, 0x1E00)) if category(mark).startswith("M"))
_WORD = re.compile(rf"[^\W_](?:[\w{_MARKS}'’]*[\w{_MARKS}])?")
_APOSTROPHES = str.maketrans("", "", "'’_")


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a text around what was found; ``found`` are the places of the words in it, first and last + 1."""

    text: str
    found: Sequence[tuple[int, int]]


def folded(word: str) -> str:
    """A word without case, accents and apostrophes; an over-long one is cut, in the index as in the question."""
    if not word.isascii():
        word = "".join(mark for mark in normalize("NFKD", word.casefold()) if not combining(mark))
    return word.lower().translate(_APOSTROPHES)[:_LONGEST]


def asked(question: str, most: int) -> list[str]:
    """The folded words of a question, each once, at most so many."""
    return list(dict.fromkeys(word for word, _, _ in _tokens(question)))[:most]


def weights(title: str, body: str) -> Mapping[str, int]:
    """How much each word says about a text: more the oftener it comes, less the longer the text, in hundredths."""
    counts = Counter(word for word, _, _ in _tokens(body))
    length = counts.total()
    for word, _, _ in _tokens(title):
        counts[word] += TITLE_COUNTS
    spread = _SATURATION * (1 - _LENGTH_MATTERS + _LENGTH_MATTERS * length / _USUAL_LENGTH)
    return {word: round(_SCALE * n * (_SATURATION + 1) / (n + spread)) or 1 for word, n in counts.items()}


def snippet(body: str, words: Sequence[str]) -> Snippet:
    """The piece of a text that holds most of the words that are looked for; its beginning where it holds none."""
    tokens = list(_tokens(body))
    matched = [next((n for n, sought in enumerate(words) if word.startswith(sought)), None) for word, _, _ in tokens]
    first = _densest(matched)
    last = min(first + _WORDS_IN_A_SNIPPET, len(tokens)) - 1
    if last < 0:
        return Snippet("", ())
    start = 0 if first == 0 else tokens[first][1]
    end = len(body) if last == len(tokens) - 1 else tokens[last][2]
    before, after = "… " if start else "", " …" if end < len(body) else ""
    shift = len(before) - start
    places = [(tokens[n][1] + shift, tokens[n][2] + shift) for n in range(first, last + 1) if matched[n] is not None]
    return Snippet(f"{before}{body[start:end]}{after}", places)


def _densest(matched: Sequence[int | None]) -> int:
    """Where the snippet begins: a little before the match from which most different words are within reach."""
    best, most = 0, 0
    for start, found in enumerate(matched):
        if found is None:
            continue
        different = len({n for n in matched[start : start + _WORDS_IN_A_SNIPPET - _LEAD] if n is not None})
        if different > most:
            best, most = start, different
    return max(0, best - _LEAD)


def _tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """Each word of a text: folded, where it begins and where it ends."""
    for match in _WORD.finditer(text):
        if word := folded(match[0]):
            yield word, match.start(), match.end()
