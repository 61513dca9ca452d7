"""Databases of the gateway, made once and copied: as its migrations leave one, and as its first start does.

A first start stores a password, whose hash is meant to be slow: made for every test, it was most of their time.
"""

import asyncio
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from services.gateway.access.bootstrap import FirstStart, bootstrap
from shared.db import open_database
from shared.secrets import Secrets
from shared.testing.postgres import PostgresServer
from shared.testing.service import migrate


class Templates:
    """SQLite's stand in `folder`, PostgreSQL's in the server that is asked; `secrets` are the gateway's."""

    def __init__(self, folder: Path, secrets: Secrets) -> None:
        self._folder = folder
        self._secrets = secrets
        self._told: dict[str, FirstStart] = {}

    def sqlite(self, at: Path, *, started: bool) -> str:
        """The address of a new file in a folder."""
        kind, prepare = self._kind(started)
        template = self._folder / f"{kind}.db"
        if not template.exists():
            prepare(f"sqlite:///{template}")
        return f"sqlite:///{shutil.copy(template, at / 'gateway.db')}"

    def postgres(self, server: PostgresServer, *, started: bool) -> str:
        """The address of a new database."""
        return server.copy_of(*self._kind(started))

    def told(self, url: str) -> FirstStart:
        """What the first start told, of which a database like this one is a copy."""
        return self._told[_database(url)]

    def _kind(self, started: bool) -> tuple[str, Callable[[str], None]]:
        return ("gateway, started", self._start) if started else ("gateway", partial(migrate, "gateway"))

    def _start(self, url: str) -> None:
        migrate("gateway", url)
        with ThreadPoolExecutor(1) as apart:  # a test's own loop may be running
            first = apart.submit(asyncio.run, _started(url, self._secrets)).result()
        assert first is not None
        self._told[_database(url)] = first


def _database(url: str) -> str:
    return url.partition(":")[0]


async def _started(url: str, secrets: Secrets) -> FirstStart | None:
    database = open_database(url)
    await database.open()
    try:
        return await database.write(bootstrap, movement_name="We can move", given_key=None, pepper=secrets.pepper)
    finally:
        await database.close()
