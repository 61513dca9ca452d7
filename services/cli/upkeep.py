"""What the owner of a suite can have done to its data: back up and restore, help somebody in, see to parked keys."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from services.cli import DATA_SERVICES
from services.cli.demo import officers
from services.cli.errors import WRONG_USE, Refused
from services.gateway.access import passwords, scopes
from services.gateway.access.api_keys import domain as api_keys
from services.gateway.access.audit import domain as audit
from services.gateway.access.movements import store as movements
from services.gateway.access.users import domain as users
from services.gateway.access.users import store as user_store
from shared import backup, clock
from shared.consumer import Consumer
from shared.consumer.rebuilding import rebuild
from shared.db import Database, Session
from shared.secrets import Secrets
from shared.settings import Settings

_MOST_MOVEMENTS = 10_000
_MOST_USERS = 100_000

Arguments = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Work:
    """What an action works on: open databases and consumers by service, and what it was asked."""

    settings: Settings
    databases: Mapping[str, Database]
    consumers: Mapping[str, Mapping[str, Consumer]]
    arguments: Arguments


class Action(NamedTuple):
    """Something to do, which answers what to tell whoever asked. With no services: the one in its arguments."""

    services: tuple[str, ...]
    run: Callable[[Work], Awaitable[str]]
    needs_files: bool = False


def restore(settings: Settings, archive: Path, secrets: Path | None) -> str:
    """Put an archive's files into the data folder, which must be empty: no suite can be running on it then."""
    refuse_at_scale(settings)
    if secrets is not None and settings.secrets_dir_set is not None:
        raise Refused("BACKBONE_SECRETS_DIR is set: restore without it, then move the folder `secrets` there")
    also = {} if secrets is None else {"secrets": secrets}
    manifest = backup.restore(archive, settings.data_dir, also)
    told = f"Restored what was backed up at {manifest.made_at} into {settings.data_dir}."
    if secrets is None:
        told += f"\nThe keys are not in it: put the folder of secrets at {settings.secrets_dir} before the next start."
    return told


async def _back_up(work: Work) -> str:
    archive, secrets = Path(work.arguments["archive"]), work.arguments.get("secrets")
    if secrets is not None:
        backup.refuse_unless_new(Path(secrets))
    log = Path(sa.make_url(work.settings.bus_url).database or "")
    manifest = await backup.take(work.databases, log, archive)
    told = f"{archive}: {len(manifest.files)} files as of {manifest.made_at}, each checked."
    if secrets is None:
        return told + "\nThe keys are not in it: keep a copy of them elsewhere (--secrets PATH)."
    await asyncio.to_thread(backup.pack, work.settings.secrets_dir, "secrets", Path(secrets))
    return told + f"\n{secrets}: the keys. Keep the two apart: together they open everything."


async def _reset_password(work: Work) -> str:
    gateway, email = work.databases["gateway"], work.arguments["email"]
    movement = await gateway.read(_movement, work.arguments.get("movement"))
    password = passwords.generated()
    await gateway.write(users.reset_password, movement, email, await asyncio.to_thread(passwords.hashed, password))
    return f"New password of {email}: {password}\nEvery session of theirs has ended, and the second factor is off."


async def _demo_key(work: Work) -> str:
    """A platform key for an hour, which opens no access to others. Whoever may ask can open the files as well."""
    _, token = await work.databases["gateway"].write(
        api_keys.create_key,
        "",
        platform=True,
        name="Demo",
        wanted=sorted(scopes.ROLES["coordinator"] | {"webhooks:*"}),
        granting=scopes.ROLES["admin"],
        created_by="control",
        pepper=Secrets.load(work.settings, "gateway").pepper,
        expires_at=clock.now() + timedelta(hours=1),
    )
    return token


async def _demo_officers(work: Work) -> str:
    """The demo's two officers of an organisation, as JSON, in place of an earlier run's; of none (empty), none."""
    gateway, organisation = work.databases["gateway"], work.arguments["organisation"]
    movement = await gateway.read(_movement, work.arguments.get("movement"))
    made = [officers.Login(email, passwords.generated()) for email in officers.addresses() if organisation]
    hashes = {each.email: await asyncio.to_thread(passwords.hashed, each.password) for each in made}
    await gateway.write(_replace_officers, movement, organisation, hashes)
    return msgspec.json.encode(made).decode()


def _replace_officers(session: Session, movement: str, organisation: str, hashes: Mapping[str, str]) -> None:
    coordinator = scopes.ROLES["coordinator"]
    for user in user_store.page(session, movement, "", _MOST_USERS):
        if user.email.endswith(f"@{officers.DOMAIN}") and user.ended_at is None:
            users.end_user(session, movement, user.id, granting=coordinator)
    for email, hashed in hashes.items():
        name = email.partition(".")[0].title()
        also = {"organisation": organisation, "password_hash": hashed}
        users.create_user(session, movement, email=email, name=name, role="coordinator", granting=coordinator, **also)


async def _verify_audit(work: Work) -> str:
    expected = [text.rpartition(":") for text in work.arguments["expect"].split()]
    if not all(number.isdigit() for number, _, _ in expected):
        raise Refused("a head is number:digest, as `audit verify` prints it", WRONG_USE)
    try:
        heads = await work.databases["gateway"].read(
            audit.verify, [(int(number), digest) for number, _, digest in expected]
        )
    except audit.Broken as error:
        raise Refused(f"The audit was altered. {error}.") from error
    told = [f"{head.movement or 'the platform'}  {head.number}:{head.digest}" for head in heads]
    return "\n".join([*told, f"{len(heads)} chains hold. Keep the heads elsewhere, and give them to --expect later."])


async def _list_parked(work: Work) -> str:
    lines = [
        f"{consumer.name}  {parked.service} {parked.key}  {parked.reason}: {parked.detail}  ({parked.waiting} waiting)"
        for consumers in work.consumers.values()
        for consumer in consumers.values()
        for parked in await consumer.parked()
    ]
    return "\n".join(lines) or "No key is parked."


async def _redrive(work: Work) -> str:
    arguments = work.arguments
    consumer = work.consumers[arguments["service"]].get(arguments["consumer"])
    if consumer is None:
        raise Refused(f"{arguments['service']} has no consumer {arguments['consumer']}")
    if (arguments["of"], arguments["key"]) not in {(parked.service, parked.key) for parked in await consumer.parked()}:
        raise Refused(f"{arguments['key']} of {arguments['of']} is not parked")
    try:
        applied = await consumer.redrive(arguments["of"], arguments["key"])
    except Exception as error:  # whatever the handler raises: the cause is not mended yet
        raise Refused(f"an event failed again ({type(error).__name__}): the key stays parked") from error
    return f"{applied} events applied, in their order; the key is followed again."


async def _rebuild(work: Work) -> str:
    service, name = work.arguments["service"], work.arguments["consumer"]
    consumer = work.consumers[service].get(name)
    if consumer is None:
        raise Refused(f"{service} has no consumer {name}")
    rebuilt = await rebuild(consumer)
    told = f"{name}: {rebuilt.records} records of the log were read anew, and what came of them is live.\n"
    if rebuilt.before == rebuilt.after:
        return told + f"It says what was there before: {rebuilt.after}"
    return told + f"It says something else than what was there before: {rebuilt.before} became {rebuilt.after}"


def _movement(session: Session, slug: str | None) -> str:
    """The id of the movement with this slug, or of the only one there is."""
    found = [each.id for each in movements.page(session, "", _MOST_MOVEMENTS) if slug in (None, each.slug)]
    if len(found) != 1:
        raise Refused("there are several movements: say which with --movement SLUG" if found else "no such movement")
    return found[0]


def refuse_at_scale(settings: Settings) -> None:
    """Raise Refused unless all data lies in SQLite files."""
    urls = [settings.bus_url, *(settings.database_url(service) for service in DATA_SERVICES)]
    if not all(url.startswith("sqlite:") for url in urls):
        raise Refused("backup and restore are for the embedded suite; for PostgreSQL and Kafka see deploy/runbook.md")


UPKEEP = {
    "backup": Action(DATA_SERVICES, _back_up, needs_files=True),
    "reset-password": Action(("gateway",), _reset_password),
    "demo-key": Action(("gateway",), _demo_key),
    "demo-officers": Action(("gateway",), _demo_officers),
    "verify-audit": Action(("gateway",), _verify_audit),
    "parked": Action((), _list_parked),
    "redrive": Action((), _redrive),
    "rebuild": Action((), _rebuild),
}
