"""The one migration runner: each service's alembic history, on SQLite and on PostgreSQL, from code and from the shell.

A migration is one file for both databases and runs in one transaction: a failed one leaves nothing. Alembic is loaded
only where something is to be migrated: it costs a start nearly half a second.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from shared.db import infrastructure
from shared.db.session import driver_of
from shared.settings import Settings

if TYPE_CHECKING:
    from alembic.config import Config

ROOT = Path(__file__).resolve().parents[2]


def head(service: str) -> str:
    """The newest revision of a service's history: the number that its last file begins with."""
    files = sorted((ROOT / "services" / service / "migrations" / "versions").glob("[0-9]*.py"))
    if not files:
        raise RuntimeError(f"{service} has no migration")
    return files[-1].name.partition("_")[0]


def current(engine: sa.Engine) -> str | None:
    """The revision that a database is at; None where it is empty."""
    with engine.connect() as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        revision: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return revision


def upgrade(service: str, engine: sa.Engine) -> None:
    """Bring a service's database to its newest revision; nothing happens where it is there already."""
    from alembic import command

    config = _config(service)
    config.attributes["engine"] = engine
    command.upgrade(config, "head")


def run_env(metadata: sa.MetaData) -> None:
    """The body of a service's ``migrations/env.py``: run the chosen revisions in one transaction."""
    from alembic import context

    engine: sa.Engine | None = context.config.attributes.get("engine")
    if engine is None:  # started by alembic's own command: the URL comes from the environment, as everywhere
        engine = sa.create_engine(Settings().database_url(context.config.config_ini_section))
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:  # BEGIN by hand, so that table changes are undone with the rest
            driver = driver_of(connection)
            driver.isolation_level = None
            # A table whose constraints change is made anew and the old one dropped, which others' rows refer to: what
            # SQLite's own procedure (https://sqlite.org/lang_altertable.html, section 7) switches off meanwhile.
            driver.execute("PRAGMA foreign_keys=OFF")
            driver.execute("BEGIN IMMEDIATE")
        else:  # the executor's engine commits each statement: its BEGIN is by hand as well
            connection.execution_options(isolation_level="READ COMMITTED")
        context.configure(
            connection=connection,
            target_metadata=[metadata, infrastructure.metadata],
            render_as_batch=sqlite,
            transactional_ddl=True,  # of SQLite Alembic believes otherwise, and would commit after the first migration
            transaction_per_migration=False,
        )
        with context.begin_transaction():
            context.run_migrations()
            if sqlite and (dangling := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()):
                raise RuntimeError(f"the migration leaves rows that refer to none, of {dangling[0][0]}")
        connection.commit()


def _config(service: str) -> Config:
    from alembic.config import Config

    config = Config(str(ROOT / "alembic.ini"), ini_section=service)
    config.set_main_option("script_location", str(ROOT / "services" / service / "migrations"))
    return config
