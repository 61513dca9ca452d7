"""A movement of 100,000 people, for what is measured at that size: their names are as uneven as real ones."""

import random
from collections.abc import Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.directory.people import names, store
from services.members.directory.people.models import Email, Person
from services.members.directory.search import store as search
from shared import clock
from shared.db import Database
from shared.ids import new_id
from tests.bench.one_service import MOVEMENT

PEOPLE = 100_000
_SLICE = 5_000

Name = tuple[str, str]
Reached = Mapping[int, tuple[str, str]]
"""The e-mail address and the postcode of some of the people, by their place in the order of their names."""


def called(chance: random.Random) -> Iterator[Name]:
    """Some hundreds of given names, thousands of family names, a few of them common."""
    syllables = [first + vowel for first in "bdfghjklmnprstvwyz" for vowel in ("a", "e", "i", "o", "u", "ie", "ou")]
    given = ["".join(chance.choices(syllables, k=chance.choice((2, 3)))) for _ in range(800)]
    family = ["".join(chance.choices(syllables, k=chance.choice((2, 3, 4)))) for _ in range(20_000)]
    for _ in range(PEOPLE):
        yield given[int(800 * chance.random() ** 3)], family[int(20_000 * chance.random() ** 3)]


def slipped(word: str) -> str:
    """A word in which two letters changed places."""
    return word[0] + word[2] + word[1] + word[3:]


async def fill(database: Database, crowd: Sequence[Name], reached: Reached) -> None:
    """Enter everybody into an empty database of members that is open."""
    for start in range(0, len(crowd), _SLICE):
        await database.write(_add, crowd[start : start + _SLICE], reached, start)
    words = sorted({word for pair in crowd for word in pair})
    for start in range(0, len(words), _SLICE):
        await database.write(search.learn, MOVEMENT, words[start : start + _SLICE])
    await database.write(_count_rows)


def _add(session: Session, crowd: Sequence[Name], reached: Reached, start: int) -> None:
    at = clock.now()
    for number, (given, family) in enumerate(crowd, start):
        address, postcode = reached.get(number, (None, None))
        person = Person(
            movement=MOVEMENT, id=new_id("person"), given_name=given.title(), family_name=family.title(),
            known_as=None, postcode=postcode, languages=[], age_band="not_asked", date_of_birth=None,
            contact_preference=[], access_needs=None, version=1, created_at=at, updated_at=at,
        )  # fmt: skip
        store.add(session, MOVEMENT, person)
        store.add_words(session, MOVEMENT, person.id, names.words(f"{given} {family}"))
        if address is not None:
            email = Email(person=person.id, address=address, is_primary=True)
            store.add_ways_to_reach(session, MOVEMENT, [email], [])


def _count_rows(session: Session) -> None:
    """What PostgreSQL does by itself a minute later: without it, its planner takes the tables for small ones."""
    session.execute(sa.text("ANALYZE"))
