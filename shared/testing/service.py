"""One service alone, on a database of its own that was migrated once and copied since."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from shared.db import open_database
from shared.db.migrate import upgrade
from shared.settings import Settings
from shared.testing.postgres import PostgresServer

ON_ONE_DATABASE = pytest.mark.parametrize("service_url", ["sqlite"], indirect=True)
"""For what ends before the database is asked: a request that is malformed, or that nobody may make."""

_UNHURRIED_SECONDS = 60.0
"""The deadline of a request: what a test shows does not rest on how busy the machine is."""


@dataclass(frozen=True)
class Alone:
    """A service that tests run by itself: its name, and what makes its application."""

    name: str
    create_app: Callable[[Settings], FastAPI]

    def sqlite(self, templates: Path, at: Path) -> str:
        """The address of a new file `at/<name>.db` without rows; `templates` holds the migrated one."""
        template = templates / f"{self.name}.db"
        if not template.exists():
            migrate(self.name, f"sqlite:///{template}")
        return f"sqlite:///{shutil.copy(template, at / template.name)}"

    def postgres(self, server: PostgresServer) -> str:
        """The address of a database without rows."""
        return server.without_rows(self.name, partial(migrate, self.name))

    def give_back(self, server: PostgresServer, url: str) -> None:
        """Empty such a database for the next test: its tables are as they were, and only rows were written."""
        server.empty(self.name, url)

    @asynccontextmanager
    async def running(self, url: str, data_dir: Path, secrets_dir: Path) -> AsyncIterator[FastAPI]:
        """The service, started on this database."""
        settings = Settings(
            data_dir=data_dir, secrets_dir_set=secrets_dir, database=SecretStr(url), request_timeout=_UNHURRIED_SECONDS
        )
        app = self.create_app(settings)
        async with app.router.lifespan_context(app):
            yield app


def migrate(service: str, url: str) -> None:
    """Bring the database of a service to the newest revision; on a thread, for a test's own loop may be running."""
    with ThreadPoolExecutor(1) as apart:
        apart.submit(asyncio.run, _migrate(service, url)).result()


async def _migrate(service: str, url: str) -> None:
    database = open_database(url)
    await database.open()
    upgrade(service, database.engine)
    await database.close()
