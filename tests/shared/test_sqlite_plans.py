"""On SQLite too a look-up costs the same however much is kept: the planner has counts, and lists of rows have a form
that it looks up by an index."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import sqlite

from shared.db import open_database
from shared.db.session import of
from shared.db.sqlite import SqliteDatabase
from shared.db.sqlite_plans import RowCounts

_labels = sa.Table(
    "labels",
    sa.MetaData(),
    sa.Column("movement", sa.Text, primary_key=True),
    sa.Column("label", sa.Text, primary_key=True),
    sa.Column("person", sa.Text, primary_key=True),
    sa.Index("labels_by_person", "movement", "person"),
)
_key = sa.tuple_(_labels.c.movement, _labels.c.person)
_of_one = sa.select(_labels.c.label).where(_labels.c.movement == "m", _labels.c.person == "p1")
_of_two = sa.select(_labels.c.label).where(_key.in_([("m", "p1"), ("m", "p2")]))


def _fill(session: orm.Session, people: int) -> None:
    rows = [{"movement": "m", "label": f"l{n % 7}", "person": f"p{n}"} for n in range(people)]
    session.execute(sa.insert(_labels), rows)


def _plan(session: orm.Session, query: sa.Select[tuple[str]]) -> str:
    session.scalars(query).all()  # explaining alone, a connection goes by what it has read of the file
    made = query.compile(dialect=sqlite.dialect(), compile_kwargs={"render_postcompile": True})
    values = [made.params[name] for name in made.positiontup or ()]
    rows: Sequence[tuple[object, ...]] = of(session).driver.execute(f"EXPLAIN QUERY PLAN {made}", values).fetchall()
    return str(rows[0][3])


async def _filled(tmp_path: Path, people: int) -> SqliteDatabase:
    database = open_database(f"sqlite:///{tmp_path}/labels.db")
    assert isinstance(database, SqliteDatabase)
    await database.open()
    await database.write(lambda session: _labels.create(session.connection()))
    assert await database.read(lambda session: session.scalars(_of_one).all()) == []  # a reader that was there before
    await database.write(_fill, people)
    await database.write(lambda session: None)
    return database


async def test_a_reader_plans_by_the_rows_that_came_since(tmp_path: Path) -> None:
    database = await _filled(tmp_path, 1_200)
    assert "INDEX labels_by_person (movement=? AND person=?)" in await database.read(_plan, _of_one)
    assert await database.read(lambda session: session.scalars(_of_one).all()) == ["l1"]
    await database.close()


async def test_rows_are_looked_up_by_a_list_of_their_keys(tmp_path: Path) -> None:
    database = await _filled(tmp_path, 1_200)
    assert "INDEX labels_by_person (movement=? AND person=?)" in await database.read(_plan, _of_two)
    assert await database.read(lambda session: session.scalars(_of_two).all()) == ["l1", "l2"]
    await database.close()


async def test_a_list_of_keys_may_be_empty_and_be_what_is_left_out(tmp_path: Path) -> None:
    database = await _filled(tmp_path, 3)
    none = sa.select(_labels.c.person).where(_key.in_([]))
    others = sa.select(_labels.c.person).where(_key.not_in([("m", "p0"), ("m", "p2")]))
    assert await database.read(lambda session: session.scalars(none).all()) == []
    assert await database.read(lambda session: session.scalars(others).all()) == ["p1"]
    await database.close()


def test_a_table_that_fills_when_the_others_are_full_is_counted_too() -> None:
    counts, driver = RowCounts(), sqlite3.connect(":memory:", isolation_level=None)
    counts.note(1_500)
    counts.count(driver)
    counts.note(1_499)
    assert not counts.due
    counts.note(10_000_000)
    assert counts.due
    counts.count(driver)
    counts.note(100_000)
    assert counts.due


async def test_no_value_of_a_row_is_kept_among_the_counts(tmp_path: Path) -> None:
    database = await _filled(tmp_path, 1_200)
    kept = sa.text("SELECT name FROM sqlite_master WHERE name LIKE 'sqlite_stat%'")
    assert await database.read(lambda session: session.scalars(kept).all()) == ["sqlite_stat1"]
    await database.close()
