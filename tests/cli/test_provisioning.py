import re
from pathlib import Path

import psycopg
import pytest

from services.cli import DATA_SERVICES, SERVICES
from services.cli.errors import Refused
from services.cli.provisioning import make_databases, make_secrets
from shared.db import open_database
from shared.secrets import Secrets
from shared.settings import Settings
from shared.testing.postgres import PostgresServer


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    make_secrets(tmp_path / "secrets")
    return tmp_path / "secrets"


def settings(server: PostgresServer, secrets: Path) -> Settings:
    url = f"postgresql://backbone_{{service}}@127.0.0.1:{server.port}/backbone_{{service}}"
    return Settings(database=f"{url}?passfile={secrets}/{{service}}/pgpass", secrets_dir_set=secrets)


def test_every_service_has_secrets_of_its_own(secrets: Path) -> None:
    peppers = {(secrets / service / "key_pepper").read_text() for service in SERVICES}
    passwords = {(secrets / service / "pgpass").read_text().rpartition(":")[2] for service in DATA_SERVICES}
    assert len(peppers) == len(SERVICES)
    assert len(passwords | {(secrets / "postgres" / "password").read_text()}) == len(DATA_SERVICES) + 1
    assert not (secrets / "admin" / "pgpass").exists()


def test_a_service_needs_no_folder_but_its_own(secrets: Path, tmp_path: Path) -> None:
    (tmp_path / "mounted").mkdir()
    (secrets / "grants").rename(tmp_path / "mounted" / "grants")
    loaded = Secrets.load(Settings(secrets_dir_set=tmp_path / "mounted"), "grants")
    assert {key.kid for key in loaded.verifiers.keys} == {f"{service}.1" for service in SERVICES}
    assert [path.name for path in (tmp_path / "mounted").iterdir()] == ["grants"]


def test_only_the_owner_reads_a_secret_and_only_the_group_reads_postgres_password(secrets: Path) -> None:
    for path in secrets.rglob("[!.]*"):
        allowed = {"postgres": 0o750, "password": 0o640}.get(path.name, 0o700 if path.is_dir() else 0o600)
        assert path.stat().st_mode & 0o777 == allowed, path


def test_making_secrets_again_changes_none(secrets: Path) -> None:
    before = {path: path.read_bytes() for path in secrets.rglob("*") if path.is_file()}
    make_secrets(secrets)
    assert {path: path.read_bytes() for path in secrets.rglob("*") if path.is_file()} == before


async def test_each_service_reaches_its_database_by_its_own_password(guarded: PostgresServer, secrets: Path) -> None:
    assert make_databases(settings(guarded, secrets), "the-first-one") == [f"backbone_{name}" for name in DATA_SERVICES]
    for service in DATA_SERVICES:
        database = open_database(settings(guarded, secrets).database_url(service), pool=1)
        await database.open()
        assert await database.check() is None
        await database.close()


def test_a_service_cannot_reach_anothers_database(guarded: PostgresServer, secrets: Path) -> None:
    make_databases(settings(guarded, secrets), "the-first-one")
    own = settings(guarded, secrets).database_url("grants")
    everywhere = secrets / "grants" / "everywhere"
    everywhere.write_text(f"*:*:*:backbone_grants:{_password(secrets, 'grants')}\n")
    everywhere.chmod(0o600)
    trespassing = own.replace("/backbone_grants?", "/backbone_members?").replace("/pgpass", "/everywhere")
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        psycopg.connect(trespassing)


async def test_a_password_that_was_made_anew_is_set_at_the_next_run(guarded: PostgresServer, secrets: Path) -> None:
    make_databases(settings(guarded, secrets), "the-first-one")
    (secrets / "grants" / "pgpass").unlink()
    make_secrets(secrets)
    make_databases(settings(guarded, secrets), "the-first-one")
    psycopg.connect(settings(guarded, secrets).database_url("grants")).close()


def test_a_server_never_sees_a_password_in_plain_text(guarded: PostgresServer, secrets: Path) -> None:
    superuser = f"postgresql://postgres:the-first-one@127.0.0.1:{guarded.port}/postgres"
    with psycopg.connect(superuser, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET log_statement = 'all'")
        connection.execute("SELECT pg_reload_conf()")
        make_databases(settings(guarded, secrets), "the-first-one")
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    logged = (Path(folder).parent / "log").read_text()
    assert "SCRAM-SHA-256" in logged
    assert not [service for service in DATA_SERVICES if _password(secrets, service) in logged]


@pytest.mark.parametrize("url", ["sqlite:///somewhere/{service}.db", "postgresql://127.0.0.1/{service}"])
def test_a_url_that_names_no_role_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="must name a PostgreSQL server, a role and a database"):
        make_databases(Settings(database=url), "anything")


def _password(secrets: Path, service: str) -> str:
    found = re.search(r":([^:]+)\n", (secrets / service / "pgpass").read_text())
    assert found is not None
    return found[1]
