"""Finding other people's words in an archive: what others wrote, and what tells in the person's own words of others.

It finds more than there is, on purpose: whatever is found is looked at by somebody, and nothing else is.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.directory.people import names
from services.members.directory.people.models import NameWord
from shared.access.sections import Section, Value, as_text, is_words

_TOKEN = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_ADDRESS = re.compile(r"[\w.+\-]+@[\w\-]+\.[\w.\-]+")
_NUMBER = re.compile(r"\+?\d[\d\s().\-/]{7,}\d")
_AT_ONCE = 500


class Why(StrEnum):
    """Why a passage is looked at: somebody else wrote it, or it names or reaches somebody else."""

    WRITTEN_BY_ANOTHER = "written_by_another"
    NAMES_ANOTHER = "names_another"
    REACHES_ANOTHER = "reaches_another"


class Passage(NamedTuple):
    """Words in a cell of an archive, and why they are looked at before they are handed out."""

    section: int
    row: int
    column: int
    why: Why
    words: str


class Self(NamedTuple):
    """What the person is called and reached by: all this may stand in their own words."""

    ids: Collection[str]
    names: Collection[str]
    addresses: Collection[str]
    numbers: Collection[str]


def self_in(sections: Sequence[Section], ids: Collection[str]) -> Self:
    """What the sections say that the person is called and reached by."""
    found: dict[str, set[str]] = {}
    for section in sections:
        for number, column in enumerate(section.columns):
            cells = {str(row[number]) for row in section.rows if row[number] is not None}
            found.setdefault(f"{section.name}.{column.name}", set()).update(cells)
    called = [
        word
        for column in ("given_name", "family_name", "known_as")
        for name in found.get(f"people.{column}", ())
        for word in names.words(name)
    ]
    addresses = {address.lower() for address in found.get("person_emails.address", ())}
    numbers = {_digits(number) for number in found.get("person_phones.number", ())}
    return Self(ids, frozenset(called), addresses, numbers)


def passages(session: Session, movement: str, sections: Sequence[Section], of: Self) -> list[Passage]:
    """Every passage that is to be looked at."""
    found: list[Passage] = []
    own: list[tuple[int, int, int, str]] = []
    for place, section in enumerate(sections):
        for number, column in enumerate(section.columns):
            if column.author == "nobody":
                continue
            for row, text in _words_in(section.rows, number):
                if column.author == "others":
                    found.append(Passage(place, row, number, Why.WRITTEN_BY_ANOTHER, text))
                else:
                    own.append((place, row, number, text))
    named = _names_of_others(session, movement, {word for *_, text in own for word in _tokens(text)}, of)
    for place, row, number, text in own:
        why = _speaks_of_another(text, named, of)
        if why is not None:
            found.append(Passage(place, row, number, why, text))
    return sorted(found)


def _words_in(rows: Sequence[Sequence[Value]], column: int) -> Iterator[tuple[int, str]]:
    for number, row in enumerate(rows):
        if is_words(row[column]):
            yield number, as_text(row[column])


def _speaks_of_another(text: str, named: Mapping[str, Collection[str]], of: Self) -> Why | None:
    """Whether words name somebody else, or hold an address or a number that is not the person's own.

    One word that begins with a capital is enough for a name; in small letters it takes two that belong to one person.
    """
    if any(address.lower() not in of.addresses for address in _ADDRESS.findall(text)):
        return Why.REACHES_ANOTHER
    if any(_digits(number) not in of.numbers for number in _NUMBER.findall(text)):
        return Why.REACHES_ANOTHER
    before: Collection[str] = ()
    for token in _TOKEN.findall(text):
        people = {person for word in names.words(token) for person in named.get(word, ())}
        if people and (token[0].isupper() or not people.isdisjoint(before)):
            return Why.NAMES_ANOTHER
        before = people
    return None


def _names_of_others(session: Session, movement: str, words: Collection[str], of: Self) -> dict[str, set[str]]:
    """Of these words those that are part of somebody else's name, and whose."""
    wanted = sorted({*words} - {*of.names})
    found: dict[str, set[str]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = [word.encode() for word in wanted[start : start + _AT_ONCE]]
        query = sa.select(NameWord.word, NameWord.person).where(
            NameWord.movement == movement, NameWord.word.in_(some), NameWord.person.not_in(of.ids)
        )
        for word, person in session.execute(query):
            found.setdefault(word.decode(), set()).add(person)
    return found


def _tokens(text: str) -> Iterator[str]:
    for token in _TOKEN.findall(text):
        yield from names.words(token)


def _digits(number: str) -> str:
    """The last nine digits, which a number has however its country and its trunk are written."""
    return "".join(mark for mark in number if mark.isdigit())[-9:]
