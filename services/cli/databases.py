"""The services' databases as the command line opens them, with nothing else running on them; and their migration."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from services.cli import DATA_SERVICES
from services.cli.errors import Refused
from shared.bus import open_bus
from shared.db import Database, migrate, open_database
from shared.events.envelope import topic
from shared.secrets import Secrets
from shared.settings import Settings


@asynccontextmanager
async def opened(
    settings: Settings, services: Iterable[str], *, with_keys: bool = False
) -> AsyncIterator[Mapping[str, Database]]:
    """The databases of these services, with the keys of what is sealed in them for whoever runs their verbs.

    Raises AlreadyOwned while another process has one of the files.
    """
    async with AsyncExitStack() as stack:
        databases: dict[str, Database] = {}
        for service in services:
            databases[service] = open_database(settings.database_url(service), pool=2)
            if with_keys:
                databases[service].entrust(Secrets.load(settings, service).rings)
            await databases[service].open()
            stack.push_async_callback(databases[service].close)
        yield databases


async def bring_up(settings: Settings, services: Iterable[str] = DATA_SERVICES) -> list[str]:
    """Migrate what is behind and make the topics that are missing. Answers the services that were migrated."""
    migrated = []
    async with opened(settings, services) as databases:
        for service, database in databases.items():
            before = await asyncio.to_thread(migrate.current, database.engine)
            if before == migrate.head(service):
                continue
            if before is not None and database.engine.dialect.name == "sqlite":
                await database.snapshot(_free_name(settings.data_dir / "before-migrations", f"{service}-{before}"))
            await asyncio.to_thread(migrate.upgrade, service, database.engine)
            migrated.append(service)
    bus = open_bus(settings.bus_url)
    try:
        await bus.ensure_topics([topic(service) for service in services])
    finally:
        await bus.close()
    return migrated


async def refuse_if_behind(settings: Settings, service: str) -> None:
    """Raise Refused where a service's database lacks migrations: at scale they are a step before its start.

    A database that is ahead is left alone: during a roll-out the old replicas run on the new schema.
    """
    engine = open_database(settings.database_url(service), pool=1).engine
    try:
        at = await asyncio.to_thread(migrate.current, engine)
    finally:
        engine.dispose()
    if at is None or at < migrate.head(service):
        raise Refused(f"the database of {service} lacks migrations: run `python -m services migrate {service}` first")


def _free_name(folder: Path, stem: str) -> Path:
    folder.mkdir(mode=0o700, exist_ok=True)
    taken = sum(1 for _ in folder.glob(f"{stem}*.db"))
    return folder / (f"{stem}-{taken}.db" if taken else f"{stem}.db")
