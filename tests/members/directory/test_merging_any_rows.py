"""Whatever the rows: merges that are undone, in whatever order, leave all as it was, and no merge misses a row."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from services.members.directory.merging import domain
from services.members.directory.merging.kinds import ORGANISATIONS, PEOPLE, Kind
from services.members.directory.merging.schemas import NewMerge
from shared.db import Context, Database, open_database
from shared.ids import new_id
from shared.secrets import Secrets
from shared.settings import Settings
from shared.testing.service import ON_ONE_DATABASE
from tests.members.directory import any_rows
from tests.plugins.parts import scale

T = TypeVar("T")
PEOPLE_IN_ALL = 4
PAIR = st.permutations(range(PEOPLE_IN_ALL)).map(lambda order: (order[0], order[1]))
MERGES = st.lists(st.tuples(st.sampled_from([PEOPLE, PEOPLE, ORGANISATIONS]), PAIR), min_size=1, max_size=5)


class World:
    """A movement of random rows on a database, and the steps that the tests take in it."""

    def __init__(self, runner: asyncio.Runner, database: Database, seed: int) -> None:
        self.movement = new_id("movement")
        self._runner = runner
        self._bound = database.on_behalf(Context(self.movement, "dice"))
        self.made = self.write(lambda session: any_rows.fill(session, self.movement, Random(seed), PEOPLE_IN_ALL))

    def write(self, verb: Callable[[Session], T]) -> T:
        """Run a verb."""
        return self._runner.run(self._bound.write(verb))

    def now(self) -> dict[str, list[str]]:
        """Every row."""
        return self._runner.run(self._bound.read(any_rows.everything, self.movement))

    def merge(self, kind: Kind, into: int, merged: int) -> str | None:
        """Merge two of the records by their number; the id that was merged, None where either was merged before."""
        survivor, gone = (str(self.made[kind.table_name][number]["id"]) for number in (into, merged))
        try:
            self.write(lambda session: domain.merge(session, self.movement, kind, survivor, NewMerge(merged=gone)))
        except domain.AlreadyMerged:
            return None
        return gone

    def unmerge(self, kind: Kind, merged: str) -> None:
        """Undo a merge."""
        self.write(lambda session: domain.unmerge(session, self.movement, kind, merged))


@pytest.fixture
def database(service_url: str, tmp_path: Path) -> Iterator[tuple[asyncio.Runner, Database]]:
    """A migrated database with the service's rings of keys, and a loop to use it on."""
    secrets = Secrets.load(Settings.model_validate({"data_dir": tmp_path}), "members")
    with asyncio.Runner() as runner:
        opened = open_database(service_url)
        opened.entrust(secrets.rings)
        runner.run(opened.open())
        yield runner, opened
        runner.run(opened.close())


def test_merges_undone_in_any_order_leave_everything_as_it_was(database: tuple[asyncio.Runner, Database]) -> None:
    @settings(max_examples=scale(8))
    @given(seed=st.integers(0, 10**6), merges=MERGES, order=st.randoms(use_true_random=False))
    def run(seed: int, merges: list[tuple[Kind, tuple[int, int]]], order: Random) -> None:
        world = World(*database, seed)
        before = world.now()
        made = [(kind, gone) for kind, (into, merged) in merges if (gone := world.merge(kind, into, merged))]
        after = world.now()
        for kind, gone in made:
            assert not [
                row for table, rows in after.items() if table != kind.merged_ids for row in rows if gone in row
            ], made
        order.shuffle(made)
        for kind, gone in made:
            world.unmerge(kind, gone)
        now = world.now()
        assert set(before.pop("rung_changes")) <= set(now.pop("rung_changes"))  # history is only ever added to
        assert now == before

    run()


@ON_ONE_DATABASE
def test_every_table_concerned_has_rows_to_merge(database: tuple[asyncio.Runner, Database]) -> None:
    filled = {table for seed in range(4) for table, rows in World(*database, seed).made.items() if rows}
    assert filled == {str(table.name) for table in any_rows.concerned()}
