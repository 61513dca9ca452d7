"""What the owner of a suite can have done to its data: by the running process, or here when none runs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from fastapi import FastAPI

from services.cli import DATA_SERVICES, control
from services.cli.databases import opened
from services.cli.errors import Refused
from services.gateway.access import passwords
from services.gateway.access.movements import store as movements
from services.gateway.access.users import domain as users
from shared import backup
from shared.db import Database, Session
from shared.settings import Settings

_MOST_MOVEMENTS = 10_000

Arguments = Mapping[str, str]
Databases = Mapping[str, Database]


class Action(NamedTuple):
    """Something to do with the open databases of some services; answers what to tell whoever asked."""

    services: tuple[str, ...]
    run: Callable[[Settings, Databases, Arguments], Awaitable[str]]


def running_suite(settings: Settings, apps: Mapping[str, FastAPI]) -> control.Perform:
    """The actions of a suite that runs in this process, on the databases that it has open."""

    async def perform(request: control.Request) -> str:
        action = ACTIONS[request.action]
        databases = {service: apps[service].state.parts.db for service in action.services}
        return await action.run(settings, databases, request.arguments)

    return perform


async def perform(settings: Settings, name: str, arguments: Arguments) -> str:
    """Have the running suite do it, or open the databases and do it here. Raises Refused with the reason."""
    if settings.data_dir.is_dir():
        reply = await control.ask(settings.data_dir, control.Request(name, dict(arguments)))
        if reply is not None and reply.refused is not None:
            raise Refused(reply.refused)
        if reply is not None:
            return reply.text
    action = ACTIONS[name]
    missing = [path for path in _files(settings, action.services) if not path.exists()]
    if missing:
        raise Refused(f"{missing[0]} does not exist: BACKBONE_DATA_DIR says where the data is")
    async with opened(settings, action.services) as databases:
        return await action.run(settings, databases, arguments)


def restore(settings: Settings, archive: Path, secrets: Path | None) -> str:
    """Put an archive's files into the data folder, which must be empty: no suite can be running on it then."""
    _refuse_at_scale(settings)
    if secrets is not None and settings.secrets_dir_set is not None:
        raise Refused("BACKBONE_SECRETS_DIR is set: restore without it, then move the folder `secrets` there")
    also = {} if secrets is None else {"secrets": secrets}
    manifest = backup.restore(archive, settings.data_dir, also)
    told = f"Restored what was backed up at {manifest.made_at} into {settings.data_dir}."
    if secrets is None:
        told += f"\nThe keys are not in it: put the folder of secrets at {settings.secrets_dir} before the next start."
    return told


async def _back_up(settings: Settings, databases: Databases, arguments: Arguments) -> str:
    _refuse_at_scale(settings)
    archive, secrets = Path(arguments["archive"]), arguments.get("secrets")
    if secrets is not None:
        backup.refuse_unless_new(Path(secrets))
    manifest = await backup.take(databases, _path(settings.bus_url), archive)
    told = f"{archive}: {len(manifest.files)} files as of {manifest.made_at}, each checked."
    if secrets is None:
        return told + "\nThe keys are not in it: keep a copy of them elsewhere (--secrets PATH)."
    await asyncio.to_thread(backup.pack, settings.secrets_dir, "secrets", Path(secrets))
    return told + f"\n{secrets}: the keys. Keep the two apart: together they open everything."


async def _reset_password(settings: Settings, databases: Databases, arguments: Arguments) -> str:
    gateway, email = databases["gateway"], arguments["email"]
    movement = await gateway.read(_movement, arguments.get("movement"))
    password = passwords.generated()
    await gateway.write(users.reset_password, movement, email, await asyncio.to_thread(passwords.hashed, password))
    return f"New password of {email}: {password}\nEvery session of theirs has ended, and the second factor is off."


def _movement(session: Session, slug: str | None) -> str:
    """The id of the movement with this slug, or of the only one there is."""
    found = [each.id for each in movements.page(session, "", _MOST_MOVEMENTS) if slug in (None, each.slug)]
    if len(found) != 1:
        raise Refused("there are several movements: say which with --movement SLUG" if found else "no such movement")
    return found[0]


def _refuse_at_scale(settings: Settings) -> None:
    urls = [settings.bus_url, *(settings.database_url(service) for service in DATA_SERVICES)]
    if not all(url.startswith("sqlite:") for url in urls):
        raise Refused("backup and restore are for the embedded suite; for PostgreSQL and Kafka see deploy/runbook.md")


def _files(settings: Settings, services: Iterable[str]) -> list[Path]:
    urls = (settings.database_url(service) for service in services)
    return [_path(url) for url in urls if url.startswith("sqlite:")]


def _path(url: str) -> Path:
    return Path(sa.make_url(url).database or "")


ACTIONS = {
    "backup": Action(DATA_SERVICES, _back_up),
    "reset-password": Action(("gateway",), _reset_password),
}
