"""The commands, by typer: each reads its arguments, calls one function and prints what came of it."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from services.cli import DATA_SERVICES, SERVICES
from services.cli.demo.command import demo
from services.cli.errors import WRONG_USE, Refused, explained
from shared.settings import Settings

application = typer.Typer(
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
users = typer.Typer(help="People who sign in.", no_args_is_help=True)
keys = typer.Typer(help="The keys that seal secrets.", no_args_is_help=True)
audit = typer.Typer(help="Who let whom in, and whether that was altered.", no_args_is_help=True)
consumers = typer.Typer(help="What follows the log: keys that wait, projections made anew.", no_args_is_help=True)
application.add_typer(users, name="users")
application.add_typer(keys, name="keys")
application.add_typer(audit, name="audit")
application.add_typer(consumers, name="consumers")

Service = Annotated[str | None, typer.Argument(help=f"One of {', '.join(DATA_SERVICES)}; all when left out.")]
Check = Annotated[bool, typer.Option("--check", help="Change nothing; fail where something is out of date.")]


@application.callback()
def private() -> None:
    """Backbone. Without a command: the whole suite in this process. With a service's name: that service alone."""
    os.umask(0o077)


def _add_service(service: str) -> None:
    @application.command(service, help=f"Run {service} alone, on BACKBONE_PORT.")
    def _() -> None:
        from services.cli.serve import serve

        serve(service)


for _service in SERVICES:
    _add_service(_service)

application.command()(demo)


@application.command()
def health() -> None:
    """Ask the service on BACKBONE_PORT how it is."""
    from services.cli.health import check

    raise typer.Exit(check())


@application.command()
def migrate(service: Service = None) -> None:
    """Bring the databases to their newest schema, and create the topics."""
    from services.cli.databases import bring_up

    with explained():
        migrated = asyncio.run(bring_up(Settings.load(_known(service)), _chosen(service)))
    print(f"Migrated: {', '.join(migrated)}." if migrated else "Everything is at its newest schema already.")


@application.command()
def secrets() -> None:
    """Make every service's keys and database passwords in BACKBONE_SECRETS_DIR, where they are missing."""
    from services.cli.provisioning import make_secrets

    with explained():
        settings = Settings.load()
        make_secrets(settings.secrets_dir)
    print(f"Every service has its secrets in {settings.secrets_dir}.")


@application.command()
def databases(
    password_file: Annotated[Path, typer.Option(help="Holds the password of the server's superuser `postgres`.")],
) -> None:
    """Create a role and a database for each service on the PostgreSQL server of DATABASE_URL."""
    from services.cli.provisioning import make_databases

    with explained():
        made = make_databases(Settings.load(), password_file.read_text(encoding="utf-8").strip())
    print(f"Ready: {', '.join(made)}.")


@application.command()
def backup(
    archive: Annotated[Path, typer.Argument(help="The archive to make (.tar.gz).")],
    secrets: Annotated[Path | None, typer.Option(help="A second archive, of the keys.")] = None,
) -> None:
    """Copy all data of the embedded suite, running or not, into one checked archive."""
    from services.cli.actions import perform

    arguments = {"archive": str(archive.absolute())}
    if secrets is not None:
        arguments["secrets"] = str(secrets.absolute())
    with explained():
        print(asyncio.run(perform(Settings.load(), "backup", arguments)))


@application.command()
def restore(
    archive: Annotated[Path, typer.Argument(help="An archive that `backup` made.")],
    secrets: Annotated[Path | None, typer.Option(help="The archive of the keys.")] = None,
) -> None:
    """Put a backup into an empty data folder, once all of it has been checked."""
    from services.cli.upkeep import restore as put_back

    with explained():
        print(put_back(Settings.load(), archive, secrets))


@users.command("reset-password")
def reset_password(
    email: Annotated[str, typer.Argument(help="The address that they sign in with.")],
    movement: Annotated[str | None, typer.Option(help="The movement's slug, where there are several.")] = None,
) -> None:
    """Give somebody a new password, shown once, and end their sessions."""
    from services.cli.actions import perform

    arguments = {"email": email} if movement is None else {"email": email, "movement": movement}
    with explained():
        print(asyncio.run(perform(_settings_for("gateway"), "reset-password", arguments)))


Owner = Annotated[str, typer.Argument(help="The service that consumes: gateway, for one.")]


@audit.command()
def verify(
    expect: Annotated[
        list[str] | None, typer.Option(help="A head that was printed before, number:digest; it must still be there.")
    ] = None,
) -> None:
    """Follow every chain of the audit from its beginning, and print where each ends. Fails where one was altered."""
    from services.cli.actions import perform

    with explained():
        print(asyncio.run(perform(_settings_for("gateway"), "verify-audit", {"expect": " ".join(expect or ())})))


@consumers.command()
def parked(service: Owner) -> None:
    """List the parked keys of a service's consumers, and why each is."""
    from services.cli.actions import perform

    with explained():
        print(asyncio.run(perform(_settings_for(service), "parked", {"service": service})))


@consumers.command()
def redrive(
    service: Owner,
    consumer: Annotated[str, typer.Argument(help="As `parked` lists it.")],
    of: Annotated[str, typer.Argument(help="The service that published the events.")],
    key: Annotated[str, typer.Argument(help="The parked key.")],
) -> None:
    """Apply what waits behind a parked key, in order. It stays parked where an event fails again."""
    from services.cli.actions import perform

    arguments = {"service": service, "consumer": consumer, "of": of, "key": key}
    with explained():
        print(asyncio.run(perform(_settings_for(service), "redrive", arguments)))


@consumers.command()
def rebuild(
    service: Owner,
    consumer: Annotated[str, typer.Argument(help="One that keeps a projection: overview, of the gateway.")],
) -> None:
    """Make a projection anew from the whole log, beside the live one, compare the two by digest, and swap them.

    Nobody who reads notices: what is live stays so until the other is where it is.
    """
    from services.cli.actions import perform

    arguments = {"service": service, "consumer": consumer}
    with explained():
        print(asyncio.run(perform(_settings_for(service), "rebuild", arguments)))


@keys.command("rotate")
def rotate(service: Service = None) -> None:
    """Seal with a new key from the next start on. The old keys stay, to open what they sealed."""
    from shared.secrets import create_all, rotate_encryption

    with explained():
        settings = Settings.load()
        for variable, given in (
            ("BACKBONE_ENCRYPTION_KEYS", settings.encryption_keys),
            ("BACKBONE_SAFEGUARDING_KEYS", settings.safeguarding_keys),
            ("BACKBONE_EQUALITY_KEYS", settings.equality_keys),
        ):
            if given is not None:
                raise Refused(f"{variable} is set: put the new key in front there")
        create_all(settings.secrets_dir)
        for name in _chosen(service):
            print(f"{name}: {rotate_encryption(settings.secrets_dir, name)}")
    print("Restart the suite to use them.")


@application.command()
def schemas(check: Check = False) -> None:
    """Generate the events' JSON Schemas and the AsyncAPI document; an incompatible change is refused."""
    from shared.events import contract

    if not check:
        with explained():
            contract.write()
        return
    _fail_on(contract.drift(), "make generate")


@application.command()
def openapi(check: Check = False) -> None:
    """Generate the gateway's OpenAPI document, merged from the services' own."""
    from services.cli.documents import openapi_drift, write_openapi

    if not check:
        write_openapi()
        return
    _fail_on(openapi_drift(), "make generate")


@application.command()
def settings(check: Check = False) -> None:
    """Print every setting as a table; with --check, fail unless the documentation has it."""
    from services.cli.documents import settings_drift
    from shared.settings import table

    if not check:
        print(table())
        return
    _fail_on(settings_drift(), "python -m services settings")


def _settings_for(service: str) -> Settings:
    """The settings of one service where its database is named, else of the embedded suite."""
    return Settings.load(service if os.environ.get("DATABASE_URL") or os.environ.get("DATABASE_URL_FILE") else None)


def _chosen(service: str | None) -> tuple[str, ...]:
    return DATA_SERVICES if service is None else (service,)


def _known(service: str | None) -> str | None:
    if service is not None and service not in DATA_SERVICES:
        raise Refused(f"there is no service {service} with data: {', '.join(DATA_SERVICES)}", WRONG_USE)
    return service


def _fail_on(faults: list[str], remedy: str) -> None:
    for fault in faults:
        print(fault, file=sys.stderr)
    if faults:
        print(f"To mend it: {remedy}", file=sys.stderr)
        raise typer.Exit(1)
