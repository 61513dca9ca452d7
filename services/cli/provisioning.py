"""What a deployment needs before its first start: each service's keys and passwords, its role and its database.

Passwords go from the one-shot that makes them to whoever needs them as files: PostgreSQL reads ``postgres/password``,
and libpq finds a service's own in ``<service>/pgpass``, which DATABASE_URL names (``?passfile=…``).
"""

import os
import secrets as random
from pathlib import Path

import psycopg
import sqlalchemy as sa
from psycopg import sql

from services.cli import DATA_SERVICES, SERVICES
from services.cli.errors import WRONG_USE, Refused
from shared import secrets
from shared.settings import Settings

_POSTGRES = "postgres"


def make_secrets(root: Path) -> None:
    """Make what is missing of every service's keys and passwords, one folder each; what is there stays as it is."""
    secrets.create_all(root, SERVICES)
    for service in DATA_SERVICES:
        role = f"backbone_{service}"
        _keep(root / service / "pgpass", f"*:*:{role}:{role}:{random.token_urlsafe(32)}\n", mode=0o600)
    folder = root / _POSTGRES
    folder.mkdir(exist_ok=True)
    folder.chmod(0o750)  # PostgreSQL's own user reads it, as a member of our group
    _keep(folder / "password", random.token_urlsafe(32), mode=0o640)


def make_databases(settings: Settings, password: str) -> list[str]:
    """Create each service's role and database, or set the role's password again. Answers the databases' names.

    ``password`` is that of the server's superuser ``postgres``, which nothing else in the suite ever uses.
    """
    urls = [sa.make_url(settings.database_url(service)) for service in DATA_SERVICES]
    if any(url.get_backend_name() != "postgresql" or not (url.username and url.database) for url in urls):
        raise Refused("DATABASE_URL: must name a PostgreSQL server, a role and a database with {service}", WRONG_USE)
    server = urls[0]
    with psycopg.connect(
        host=server.host, port=server.port, user=_POSTGRES, password=password, dbname=_POSTGRES, autocommit=True
    ) as connection:
        for url in urls:
            _make_database(connection, str(url.database), str(url.username), _password(url))
    return [str(url.database) for url in urls]


def _make_database(connection: psycopg.Connection, database: str, role: str, password: str) -> None:
    # Hashed here, so that neither the server nor its log ever sees the password itself.
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
    statement = "ALTER ROLE {} LOGIN PASSWORD {}" if known else "CREATE ROLE {} LOGIN PASSWORD {}"
    connection.execute(sql.SQL(statement).format(sql.Identifier(role), sql.Literal(verifier)))
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone():
        names = sql.Identifier(database), sql.Identifier(role)
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0").format(*names))
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database)))


def _password(url: sa.URL) -> str:
    """The password in a URL, or in the file that it names."""
    passfile = url.query.get("passfile")
    if isinstance(passfile, str):
        return Path(passfile).read_text(encoding="utf-8").strip().rpartition(":")[2]
    if url.password is None:
        raise Refused("DATABASE_URL: names neither a password nor a passfile", WRONG_USE)
    return url.password


def _keep(path: Path, text: str, *, mode: int) -> None:
    """Write a file once; a second run, or two at a time, keep what the first one made."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        return
    with os.fdopen(file, "w", encoding="utf-8") as writing:
        os.fchmod(writing.fileno(), mode)
        writing.write(text)
