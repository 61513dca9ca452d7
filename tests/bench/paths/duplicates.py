"""Looking for duplicates among 100,000 people who are all new, at the executor: beside the same comparisons in memory.

One person in fifty is entered a second time, with a slip in both names and the same address and postcode: what is said
of the speed holds only where they are found. Others write between two slices of the search, and wait for one at most.
"""

import random
import time
from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.directory.duplicates import domain, scoring
from services.members.directory.duplicates.models import DuplicateCandidate
from services.members.directory.duplicates.nouns import PEOPLE as NOUN
from services.members.directory.duplicates.scoring import Profile, Weights
from services.members.directory.duplicates.store import MOST_SHARING
from shared import clock
from shared.db import Database, migrate, open_database
from tests.bench.crowd import PEOPLE, Name, Reached, called, fill, slipped
from tests.bench.ground import Ground
from tests.bench.one_service import MOVEMENT
from tests.bench.rows import Row, at_most, ratio
from tests.bench.turns import percentile

_ONE_IN = 50
_POSTCODES = 5_000
_GOAL = 0.05
"""Of the comparisons alone: each slice of 50 people is read, written and committed to the disk."""
_SLICE_MS = 50.0
"""Milliseconds that a slice of a long job holds up other writes, here in the median."""


async def measure(ground: Ground) -> Sequence[Row]:
    """People a second that are looked at, and how long a slice takes."""
    crowd, reached = _with_doubles(random.Random(1))
    database = open_database(f"sqlite:///{ground.folder / 'members.db'}", pool=4)
    migrate.upgrade("members", database.engine)
    await database.open()
    await fill(database, crowd, reached)
    slices = await _looked(database)
    found = await database.read(_found)
    await database.close()
    planted = len(crowd) // _ONE_IN
    return [
        ratio(f"duplicates among {PEOPLE:,} people", PEOPLE / sum(slices), PEOPLE / _in_memory(crowd, reached),
              "people/s", goal=_GOAL),
        at_most("a slice of the search, p50", percentile(slices, 0.5) * 1000, "ms", most=_SLICE_MS),
        ratio("of the planted doubles found", found, planted, "pairs", goal=0.95),
    ]  # fmt: skip


def _with_doubles(chance: random.Random) -> tuple[list[Name], Reached]:
    """Names in which the last ones are those of others with a slip; and how people are reached."""
    crowd = list(called(chance))
    ways = {
        number: (f"{given}.{family}.{number}@example.org", f"GL {chance.randrange(_POSTCODES)}")
        for number, (given, family) in enumerate(crowd)
    }
    doubles = len(crowd) // _ONE_IN
    for number, other in enumerate(chance.sample(range(len(crowd) - doubles), doubles), len(crowd) - doubles):
        given, family = crowd[other]
        crowd[number], ways[number] = (slipped(given), slipped(family)), ways[other]
    return crowd, ways


async def _looked(database: Database) -> list[float]:
    """Look at everybody; the seconds of each slice."""
    slices, until, more = [], clock.now(), True
    while more:
        began = time.perf_counter()
        more = await database.write(domain.look, MOVEMENT, NOUN, until)
        slices.append(time.perf_counter() - began)
    return slices


def _found(session: Session) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(DuplicateCandidate)) or 0


def _in_memory(crowd: Sequence[Name], reached: Reached) -> float:
    """The seconds that the same comparisons take where everything is at hand."""
    began = time.perf_counter()
    profiles = {
        str(number): Profile(
            str(number), (f"{given} {family}",), frozenset({reached[number][0]}), postcode=reached[number][1]
        )
        for number, (given, family) in enumerate(crowd)
    }
    sharing: dict[int, list[str]] = {}
    for record, profile in profiles.items():
        for key in scoring.keys(profile):
            sharing.setdefault(key, []).append(record)
    compared = {key: records for key, records in sharing.items() if 2 <= len(records) <= MOST_SHARING}
    scoring.pairs(profiles, profiles.keys(), compared, Weights())
    return time.perf_counter() - began
