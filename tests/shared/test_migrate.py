import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.db import migrate, open_database

FIRST = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("first", sa.Column("id", sa.Text, primary_key=True))
    op.execute("INSERT INTO first (id) VALUES ('kept')")
"""

SECOND = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table("second", sa.Column("id", sa.Text, primary_key=True))
    op.execute("UPDATE first SET id = 'changed'")
    op.execute("INSERT INTO absent (id) VALUES ('fails')")
"""

REFERRED_TO = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table("second", sa.Column("of", sa.Text, sa.ForeignKey("first.id")))
    op.execute("INSERT INTO second (of) VALUES ('kept')")
"""

CONSTRAINED = """
import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("first") as first:
        first.create_check_constraint("first_said", "id <> ''")
"""

ORPHANED = """
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("DELETE FROM first")
"""

ENV = """
import sqlalchemy as sa

from shared.db.migrate import run_env

run_env(sa.MetaData())
"""


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The history of a service `trial`, in a tree of its own."""
    folder = tmp_path / "services" / "trial" / "migrations"
    (folder / "versions").mkdir(parents=True)
    (folder / "env.py").write_text(ENV)
    (folder / "versions" / "0001_first.py").write_text(FIRST)
    shutil.copy(migrate.ROOT / "alembic.ini", tmp_path)
    with (tmp_path / "alembic.ini").open("a") as sections:
        sections.write("\n[trial]\nscript_location = services/trial/migrations\n")
    monkeypatch.setattr(migrate, "ROOT", tmp_path)
    return folder / "versions"


def test_a_migration_that_fails_leaves_nothing(database_url: str, versions: Path) -> None:
    engine = open_database(database_url, pool=1).engine
    migrate.upgrade("trial", engine)
    (versions / "0002_second.py").write_text(SECOND)
    with pytest.raises(sa.exc.DBAPIError):
        migrate.upgrade("trial", engine)

    assert migrate.current(engine) == "0001"
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version", "first"]
        assert connection.scalars(sa.text("SELECT id FROM first")).all() == ["kept"]
    engine.dispose()


def test_a_database_at_the_newest_revision_is_left_alone(database_url: str, versions: Path) -> None:
    engine = open_database(database_url, pool=1).engine
    assert migrate.current(engine) is None
    for _ in range(2):
        migrate.upgrade("trial", engine)
        assert migrate.current(engine) == migrate.head("trial") == "0001"
    engine.dispose()


def test_a_table_that_rows_refer_to_can_be_given_a_constraint_and_keeps_them(database_url: str, versions: Path) -> None:
    engine = open_database(database_url, pool=1).engine
    (versions / "0002_second.py").write_text(REFERRED_TO)
    migrate.upgrade("trial", engine)
    (versions / "0003_constrained.py").write_text(CONSTRAINED)
    migrate.upgrade("trial", engine)
    with engine.connect() as connection:
        assert connection.scalars(sa.text("SELECT first.id FROM first JOIN second ON of = first.id")).all() == ["kept"]
        with pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.text("INSERT INTO second (of) VALUES ('absent')"))
    engine.dispose()


def test_a_migration_that_leaves_rows_which_refer_to_none_leaves_nothing(database_url: str, versions: Path) -> None:
    engine = open_database(database_url, pool=1).engine
    migrate.upgrade("trial", engine)
    (versions / "0002_second.py").write_text(REFERRED_TO)
    (versions / "0003_constrained.py").write_text(CONSTRAINED)
    (versions / "0004_orphaned.py").write_text(ORPHANED)
    with pytest.raises((RuntimeError, sa.exc.IntegrityError)):
        migrate.upgrade("trial", engine)
    assert migrate.current(engine) == "0001"
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version", "first"]
    engine.dispose()
