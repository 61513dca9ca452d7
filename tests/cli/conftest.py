"""A PostgreSQL server as containers have it: everybody needs a password."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from shared.testing.postgres import PostgresServer, running_postgres


@pytest.fixture(scope="package")
def guarded(postgres_server: PostgresServer) -> Iterator[PostgresServer]:
    """A server of its own for these tests, whose superuser `postgres` has the password `the-first-one`.

    It asks for the shared server only so that a machine without PostgreSQL skips, or fails under CI, in one place.
    """
    with running_postgres() as server:
        with psycopg.connect(
            f"host=127.0.0.1 port={server.port} user=backbone dbname=postgres", autocommit=True
        ) as admin:
            admin.execute("CREATE ROLE postgres SUPERUSER LOGIN PASSWORD 'the-first-one'")
            (path,) = admin.execute("SHOW hba_file").fetchone() or ("",)
            Path(path).write_text("local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")
            admin.execute("SELECT pg_reload_conf()")
        yield server
