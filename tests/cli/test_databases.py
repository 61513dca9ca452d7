import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa

from services.cli import DATA_SERVICES
from services.cli.databases import bring_up, opened, refuse_if_behind
from services.cli.errors import Refused
from shared.db import migrate
from shared.filelock import AlreadyOwned
from shared.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def at(path: Path) -> str | None:
    engine = sa.create_engine(f"sqlite:///{path}")
    try:
        return migrate.current(engine)
    finally:
        engine.dispose()


def put_back(path: Path, revision: str) -> None:
    """Make a database look as if its last migration had not run yet."""
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
    connection.close()


async def test_an_empty_folder_is_brought_to_the_newest_schema_once(settings: Settings, tmp_path: Path) -> None:
    assert await bring_up(settings) == list(DATA_SERVICES)
    assert {service: at(tmp_path / f"{service}.db") for service in DATA_SERVICES} == {
        service: migrate.head(service) for service in DATA_SERVICES
    }
    assert await bring_up(settings) == []
    assert not (tmp_path / "before-migrations").exists()


async def test_a_database_is_copied_before_it_is_migrated(settings: Settings, tmp_path: Path) -> None:
    await bring_up(settings, ["gateway"])
    for _ in range(2):
        put_back(tmp_path / "gateway.db", "0000")
        with pytest.raises(Exception, match="0000"):  # alembic knows no such revision: a migration that fails
            await bring_up(settings, ["gateway"])
    copies = sorted((tmp_path / "before-migrations").iterdir())
    assert [path.name for path in copies] == ["gateway-0000-1.db", "gateway-0000.db"]
    assert [at(path) for path in copies] == ["0000", "0000"]


async def test_nothing_is_migrated_while_a_suite_runs_on_it(settings: Settings) -> None:
    async with opened(settings, ["grants"]):
        with pytest.raises(AlreadyOwned):
            await bring_up(settings)


async def test_a_service_starts_on_its_own_schema_or_a_newer_one_and_on_no_older(
    settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="lacks migrations"):
        await refuse_if_behind(settings, "grants")
    await bring_up(settings, ["grants"])
    await refuse_if_behind(settings, "grants")
    put_back(tmp_path / "grants.db", "9999")
    await refuse_if_behind(settings, "grants")
    put_back(tmp_path / "grants.db", "0000")
    with pytest.raises(Refused, match="lacks migrations"):
        await refuse_if_behind(settings, "grants")


@pytest.mark.parametrize("service", DATA_SERVICES)
def test_the_newest_file_of_a_history_is_its_head(service: str) -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config(str(migrate.ROOT / "alembic.ini"), ini_section=service)
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.head(service)
