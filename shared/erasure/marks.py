"""What tells in a text that it speaks of somebody, and how it is found and taken out: pure functions over words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from unicodedata import combining, normalize

import msgspec

ERASED = "[erased]"
"""What stands where something of somebody was."""

_BETWEEN_DIGITS = r"[\s().\-/]*"
_BEFORE = rf"\+?(?:\d{_BETWEEN_DIGITS}){{0,5}}?"
_SIGNIFICANT = 9
"""The last digits of a telephone number, which it has however its country and its trunk are written."""


class Marks(msgspec.Struct, frozen=True):
    """What somebody is called and reached by, as far as it is known. It is never stored but sealed.

    ``people`` are all their ids. ``phrases`` are found in any case, ``words`` only as they are written or in capitals.
    ``beside`` says nothing by itself, such as a postcode: it is taken out of a text in which something else is found.
    """

    people: Sequence[str]
    phrases: Sequence[str] = ()
    words: Sequence[str] = ()
    addresses: Sequence[str] = ()
    phones: Sequence[str] = ()
    beside: Sequence[str] = ()


class Finder:
    """Finds somebody in texts by their marks."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks

    @cached_property
    def needles(self) -> Sequence[str]:
        """What a text that speaks of them has in it, whatever its case; a text that has it may still not."""
        found: list[str] = [max(_split(phrase), key=len) for phrase in self._marks.phrases if _split(phrase)]
        found += [*self._marks.words, *self._marks.addresses]
        found += [_digits(phone)[-2:] for phone in self._marks.phones]
        in_all_cases = (case for text in _unaccented_too(found) for case in (text, text.lower(), text.upper()))
        return [*dict.fromkeys(in_all_cases)]

    @cached_property
    def traces(self) -> Sequence[bytes]:
        """What to look for in the bytes of files: whole phrases, addresses and numbers, as they were written."""
        written = [*self._marks.phrases, *self._marks.addresses, *self._marks.phones]
        written += [_digits(phone) for phone in self._marks.phones]
        return [text.encode() for text in dict.fromkeys(written) if len(text) > 5]

    def without(self, text: str) -> str:
        """The text without what tells of them: the same text where nothing does."""
        if self._found is None:
            return text
        redacted, times = self._found.subn(ERASED, text)
        if times == 0:
            return text
        return redacted if self._beside is None else self._beside.sub(ERASED, redacted)

    @cached_property
    def _found(self) -> re.Pattern[str] | None:
        """Addresses before names, which may be part of them."""
        patterns = [*map(_whole, self._marks.addresses), *map(_number, self._marks.phones)]
        patterns += map(_whole, _unaccented_too(self._marks.phrases))
        words = [f"(?-i:{_whole(case)})" for word in self._marks.words for case in {word, word.upper()}]
        return _any_of([*patterns, *words])

    @cached_property
    def _beside(self) -> re.Pattern[str] | None:
        return _any_of([_whole(text) for text in self._marks.beside])


def called(given: str, family: str | None, known_as: str | None) -> Iterator[str]:
    """The phrases that a person of these names is written about with; a given name alone tells too little."""
    firsts = [name for name in (given, _split(given)[0] if _split(given) else None, known_as) if name]
    if family:
        for first in dict.fromkeys(firsts):
            yield f"{first} {family}"
            yield f"{family} {first}"
    else:
        yield from (name for name in dict.fromkeys(firsts) if len(_split(name)) > 1)


def _split(phrase: str) -> list[str]:
    return re.findall(r"\w+", phrase)


def _digits(number: str) -> str:
    return "".join(character for character in number if character.isdigit())


def _whole(phrase: str) -> str:
    """A phrase as whole words, with whatever white space or comma between them."""
    words = r"[\s,]+".join(re.escape(word) for word in phrase.split())
    return rf"(?<!\w){words}(?!\w)"


def _number(phone: str) -> str:
    tail = _digits(phone)[-_SIGNIFICANT:]
    return rf"(?<![\d+]){_BEFORE}{_BETWEEN_DIGITS.join(tail)}(?!\d)"


def _any_of(patterns: Sequence[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(patterns), re.IGNORECASE) if patterns else None


def _unaccented_too(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield text
        plain = "".join(mark for mark in normalize("NFKD", text) if not combining(mark))
        if plain != text:
            yield plain
