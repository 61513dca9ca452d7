"""Figures that were kept by their ids are kept in the order of series after the migration, every one and as it was."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import orm

from services.measures.observations import store
from services.measures.observations.models import Observation
from shared.db import open_database
from shared.db.migrate import ROOT

BY_ID, IN_ORDER = "0020", "0021"
MONTHS = ("2024-03-01", "2024-01-01", "2024-02-01")
PLACES = ("E07000080", "E07000079")


@pytest.fixture
def engine(database_url: str) -> sa.Engine:
    """A database as it was before."""
    engine = open_database(database_url).engine
    _upgrade(engine, BY_ID)
    with engine.begin() as connection:
        _enter(connection, "imports", id="imp_1", recorded_at=1)
        for number, (month, place) in enumerate((month, place) for month in MONTHS for place in PLACES):
            for revision in (1, 2):
                _enter(
                    connection, "observations", id=f"obs_{9 - number}_{revision}", version="mv_1", place=place,
                    period_start=month, revision=revision, import_id="imp_1", numerator=number, value=None,
                )  # fmt: skip
        _enter(connection, "releases", id="release_1")
        _enter(connection, "release_figures", release="release_1", observation="obs_9_1")
    return engine


def test_every_figure_is_there_as_it_was(engine: sa.Engine) -> None:
    before = _figures(engine)
    _upgrade(engine, IN_ORDER)
    assert _figures(engine) == before
    assert len(before) == 12


def test_a_figure_still_has_one_id_and_each_revision_of_a_key_one_row(engine: sa.Engine) -> None:
    _upgrade(engine, IN_ORDER)
    with engine.connect() as connection:
        there = dict(connection.execute(sa.select(Observation.__table__).limit(1)).mappings().one())
    for again in ({"revision": 3}, {"id": "obs_new"}):
        with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
            connection.execute(sa.insert(Observation).values(there | again))
    with engine.begin() as connection:
        connection.execute(sa.insert(Observation).values(there | {"id": "obs_new", "revision": 3}))


def test_a_figure_that_was_released_stays(engine: sa.Engine) -> None:
    _upgrade(engine, IN_ORDER)
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.execute(sa.delete(Observation).where(Observation.id == "obs_9_1"))
    with engine.begin() as connection:
        connection.execute(sa.delete(Observation).where(Observation.id == "obs_9_2"))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_finds_a_figure_by_its_id_at_once(engine: sa.Engine) -> None:
    _upgrade(engine, IN_ORDER)
    asked = list[tuple[str, Sequence[object]]]()
    with engine.connect() as connection:
        sa.event.listen(connection, "before_cursor_execute", lambda *it: asked.append((it[2], it[3])))
        assert store.get(orm.Session(connection), "m", "obs_9_1") is not None
        ((statement, values),) = asked
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", tuple(values)).all()
    assert "USING PRIMARY KEY (movement=?)" not in str(plan)  # would read every figure of the movement


def _upgrade(engine: sa.Engine, revision: str) -> None:
    config = Config(str(ROOT / "alembic.ini"), ini_section="measures")
    config.set_main_option("script_location", str(ROOT / "services" / "measures" / "migrations"))
    config.attributes["engine"] = engine
    command.upgrade(config, revision)


def _enter(connection: sa.Connection, name: str, **values: object) -> None:
    """A row of a table as it is by now; what it needs and is not given is filled in."""
    table = sa.Table(name, sa.MetaData(), autoload_with=connection, resolve_fks=False)
    filled = {each.name: _some(each) for each in table.columns if not each.nullable}
    connection.execute(sa.insert(table).values(filled | values))


def _some(column: "sa.Column[object]") -> object:
    match column.type:
        case sa.JSON():
            return {}
        case sa.Boolean():
            return False
        case sa.Integer():
            return 1
        case _:
            return "m"


def _figures(engine: sa.Engine) -> list[dict[str, object]]:
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT * FROM observations ORDER BY id")).mappings()
        return [dict(each) for each in found]
