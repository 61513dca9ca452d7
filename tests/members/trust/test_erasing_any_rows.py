"""Whatever the rows: erasing somebody leaves no row that names them, and every row that has nothing to do with them."""

import asyncio
import re

from hypothesis import given, settings
from hypothesis import strategies as st

from services.members.directory.merging.kinds import PEOPLE
from services.members.erasing import LeadsNowhere
from services.members.trust.erasures import fates, rows
from services.members.trust.erasures.fates import Leaving
from services.members.trust.erasures.merged import forget_in_merges
from shared.db import Database
from shared.erasure.marks import ERASED
from tests.members.directory.test_merging_any_rows import PAIR, World, database
from tests.plugins.parts import scale

__all__ = ["database"]
_ID = re.compile(r"\('id', '([a-z_]+_[0-9a-z]{26})'\)")


def test_erasing_takes_all_that_names_somebody_and_nothing_else(database: tuple[asyncio.Runner, Database]) -> None:
    @settings(max_examples=scale(2))
    @given(seed=st.integers(0, 10**6), merge=st.none() | PAIR)
    def run(seed: int, merge: tuple[int, int] | None) -> None:
        world = World(*database, seed)
        person, *ids = [str(world.made["people"][0]["id"])]
        if merge is not None and world.merge(PEOPLE, *merge) is not None:
            person, *ids = (str(world.made["people"][number]["id"]) for number in merge)
        leaving = Leaving([person, *ids])
        before = world.now()
        world.write(lambda session: forget_in_merges(session, world.movement, leaving))
        world.write(lambda session: rows.blank(session, world.movement, person, "erasure"))
        world.write(lambda session: rows.empty(session, world.movement, leaving))
        while world.write(lambda session: rows.erase_some(session, world.movement, leaving)):
            pass
        after = world.now()
        assert not [row for table, found in after.items() for row in found if names(table, row, leaving)]
        gone = {one for each in before.values() for row in each for one in _ID.findall(row)}
        gone -= {one for each in after.values() for row in each for one in _ID.findall(row)}
        for table, found in before.items():
            untouched = {row for row in found if not any(one in row for one in gone | set(leaving.ids))}
            assert untouched <= set(after[table]), table

    run()


def names(table: str, row: str, leaving: Leaving) -> bool:
    """Whether a row names them anywhere but where an id leads nowhere."""
    if table == fates.PEOPLE:
        return ERASED not in row and any(one in row for one in leaving.ids)
    for said in fates.of_kind(LeadsNowhere):
        if said.table.name == table:
            row = re.sub(rf"'{said.column.name}', '[^']*'", "", row)
    return any(one in row for one in leaving.ids)
