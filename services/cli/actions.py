"""How the owner of a suite has something done to its data: by the process that has it open, or here when none does."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import sqlalchemy as sa
from fastapi import FastAPI

from services.cli import DATA_SERVICES, control
from services.cli.databases import opened
from services.cli.errors import WRONG_USE, Refused
from services.cli.suite import application
from services.cli.upkeep import UPKEEP, Action, Arguments, Work, refuse_at_scale
from shared.bus import open_bus
from shared.consumer import Consumer
from shared.db import Database
from shared.settings import Settings


def running_suite(settings: Settings, apps: Mapping[str, FastAPI]) -> control.Perform:
    """The upkeep of a suite that runs in this process, on what its services have open."""

    async def perform(request: control.Request) -> str:
        action = UPKEEP[request.action]
        services = _services(settings, action, request.arguments)
        databases = {service: apps[service].state.parts.db for service in services}
        consumers = {service: apps[service].state.parts.consumers for service in services}
        return await action.run(Work(settings, databases, consumers, request.arguments))

    return perform


async def perform(settings: Settings, name: str, arguments: Arguments) -> str:
    """Have the running suite do it, or open what it takes and do it here. Raises Refused with the reason."""
    if settings.data_dir.is_dir():
        reply = await control.ask(settings.data_dir, control.Request(name, dict(arguments)))
        if reply is not None and reply.refused is not None:
            raise Refused(reply.refused)
        if reply is not None:
            return reply.text
    action = UPKEEP[name]
    services = _services(settings, action, arguments)
    missing = [path for path in _files(settings, services) if not path.exists()]
    if missing:
        raise Refused(f"{missing[0]} does not exist: BACKBONE_DATA_DIR says where the data is")
    async with (
        opened(settings, services, with_keys=not action.services) as databases,
        _consumers(settings, action, databases) as consumers,
    ):
        return await action.run(Work(settings, databases, consumers, arguments))


def _services(settings: Settings, action: Action, arguments: Arguments) -> tuple[str, ...]:
    """The services whose data an action needs: always the same, or the one that it was asked for."""
    if action.needs_files:
        refuse_at_scale(settings)
    if action.services:
        return action.services
    if arguments["service"] not in DATA_SERVICES:
        raise Refused(f"there is no service {arguments['service']} with data: {', '.join(DATA_SERVICES)}", WRONG_USE)
    return (arguments["service"],)


@asynccontextmanager
async def _consumers(
    settings: Settings, action: Action, databases: Mapping[str, Database]
) -> AsyncIterator[Mapping[str, Mapping[str, Consumer]]]:
    """The services' consumers, not running, for an action on one service; none where the action is on all."""
    async with AsyncExitStack() as stack:
        consumers: dict[str, dict[str, Consumer]] = {}
        for service, database in databases.items() if not action.services else ():
            bus = open_bus(settings.bus_url)
            stack.push_async_callback(bus.close)
            subscriptions = application(service, settings).state.subscriptions
            consumers[service] = {each.name: each.consumer(database, bus) for each in subscriptions}
        yield consumers


def _files(settings: Settings, services: Iterable[str]) -> list[Path]:
    urls = (settings.database_url(service) for service in services)
    return [Path(sa.make_url(url).database or "") for url in urls if url.startswith("sqlite:")]
