"""Search: by whole words, by beginnings, and by what a misspelt word was meant for; the same on both databases."""

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from services.members.directory.people import names
from services.members.directory.search.models import Trigram
from shared.testing.service import ON_ONE_DATABASE
from tests.members.caller import Caller
from tests.members.directory.steps import change


async def found(members: Caller, q: str, **filters: str | int) -> list[tuple[str, str]]:
    """The names that are found and how they match, the best first."""
    data = (await members.get("/v1/directory", q=q, **filters))["data"]
    return [(row["name"], row["match"]) for row in data]


async def known_words(app: FastAPI, movement: str) -> set[str]:
    def words(session: Session) -> set[str]:
        query = select(Trigram.word).where(Trigram.movement == movement)
        return {word.decode() for word in session.scalars(query)}

    answer: set[str] = await app.state.parts.db.read(words)
    return answer


MEANT: tuple[tuple[str, list[tuple[str, str]]], ...] = (
    ("siân o'neill", [("Siân O’Neill", "exact")]),
    ("ONEILL sian", [("Siân O’Neill", "exact")]),
    ("sia on", [("Siân O’Neill", "begins")]),
    ("sain oneil", [("Siân O’Neill", "close")]),
    ("magaret", [("Margaret Hall", "close")]),
    ("margrate hal", [("Margaret Hall", "close")]),
    ("peggy", [("Margaret Hall", "exact")]),
    ("łódź", []),
    ("jo", [("Joan Hall-Wood", "begins")]),
    ("jaon", [("Joan Hall-Wood", "close")]),
    ("hull", [("Joan Hall-Wood", "close"), ("Margaret Hall", "close")]),
    ("hall", [("Joan Hall-Wood", "exact"), ("Margaret Hall", "exact")]),
    ("hall siân", []),
    ("zz", []),
    ("cinderfrd walk", [("Cinderford Walkers", "close")]),
)


async def test_whoever_is_meant_is_found(members: Caller) -> None:
    await members.person("Siân", family_name="O’Neill")
    await members.person("Margaret", family_name="Hall", known_as="Peggy")
    await members.person("Joan", family_name="Hall-Wood")
    await members.post("/v1/organisations", {"name": "Cinderford Walkers"})
    assert [(q, await found(members, q)) for q, _ in MEANT] == list(MEANT)


async def test_a_name_as_it_was_sought_comes_before_one_that_begins_so_and_one_that_is_near(members: Caller) -> None:
    for family_name in ("Halls", "Hall", "Hill"):
        await members.person("Ada", family_name=family_name)
    await members.post("/v1/organisations", {"name": "Hall"})
    assert await found(members, "hall") == [
        ("Ada Hall", "exact"),
        ("Hall", "exact"),
        ("Ada Halls", "begins"),
        ("Ada Hill", "close"),
    ]
    assert await found(members, "hall", limit=1) == [("Ada Hall", "exact")]
    assert await found(members, "hall", kind="organisation") == [("Hall", "exact")]


async def test_a_word_that_nobody_is_called_any_more_is_forgotten(app: FastAPI, members: Caller) -> None:
    ada, _ = await members.person("Ada", family_name="Zebedee"), await members.person("Eve", family_name="Hall")
    organisation = (await members.post("/v1/organisations", {"name": "Hall Walkers"}))["id"]
    await change(members, f"/v1/people/{ada}", {"family_name": "Hall"})
    assert await known_words(app, members.movement) == {"ada", "hall", "eve", "walkers"}
    await change(members, f"/v1/organisations/{organisation}", {"name": "Strollers"})
    assert await known_words(app, members.movement) == {"ada", "hall", "eve", "strollers"}
    assert await found(members, "zebede") == []


@ON_ONE_DATABASE
async def test_another_movement_finds_nobody(members: Caller, other: Caller) -> None:
    await members.person("Zebedee")
    await other.person("Zebedee")
    for q in ("zebedee", "zeb", "zebdee"):
        assert len(await found(members, q)) == 1
    await members.post("/v1/organisations", {"name": "Onlyours"})
    assert await found(other, "onlyours") == await found(other, "onyours") == []


@ON_ONE_DATABASE
async def test_a_word_is_kept_once_however_many_have_it(app: FastAPI, members: Caller) -> None:
    for _ in range(3):
        await members.person("Zoë")

    def kept(session: Session) -> int | None:
        return session.scalar(select(func.count()).select_from(Trigram).where(Trigram.movement == members.movement))

    assert await app.state.parts.db.read(kept) == len(names.trigrams("zoe")) == 4


@ON_ONE_DATABASE
@pytest.mark.parametrize("q", ["", "%%", "a" * 101])
async def test_a_query_without_a_word_or_without_an_end_is_refused(members: Caller, q: str) -> None:
    assert (await members.refused("/v1/directory", method="GET", q=q))[0] == 422


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20))
def test_every_trigram_fits_a_signed_integer_and_tells_its_letters(word: str) -> None:
    for trigram in names.trigrams(word):
        assert 0 < trigram < 2**63
        letters = [chr(trigram >> shift & 0x1FFFFF) for shift in (42, 21, 0)]
        assert "".join(letters) in f"  {word} "
