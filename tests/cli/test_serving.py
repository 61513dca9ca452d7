import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.cli.process import Running, run, running


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("embedded") / "a folder" / "data"


@pytest.fixture(scope="module")
def suite(data: Path) -> Iterator[Running]:
    with running(data, BACKBONE_MOVEMENT="We can move") as suite:
        assert suite.api
        yield suite


@pytest.fixture(scope="module")
def key(suite: Running) -> str:
    return suite.said(r"Platform key +(\S+)")


def signed_in(suite: Running, email: str, password: str) -> int:
    return httpx.post(f"{suite.api}/v1/sessions", json={"email": email, "password": password}).status_code


def me(suite: Running, key: str) -> httpx.Response:
    return httpx.get(f"{suite.api}/v1/me", headers={"Authorization": f"Bearer {key}"})


def wait_until_refused(suite: Running) -> None:
    """Until it takes no new connections any more."""
    try:
        while True:
            httpx.get(f"{suite.api}/docs")
    except httpx.ConnectError:
        return


def test_the_first_start_says_where_to_click_and_who_may_sign_in(suite: Running, key: str) -> None:
    assert httpx.get(suite.said(r"Pages +(\S+)"), follow_redirects=True).status_code == 200
    assert httpx.get(f"{suite.api}/docs").status_code == 200
    assert suite.said(r"Movement +(.+)") == "We can move"
    assert me(suite, key).status_code == 200
    assert signed_in(suite, suite.said(r"Sign in as +(\S+)"), suite.said(r"Password +(\S+)")) == 201


def test_every_part_of_the_suite_is_healthy(suite: Running) -> None:
    health = httpx.get(f"{suite.api}/health").json()
    assert health["status"] == "ok"
    assert {name: service["status"] for name, service in health["services"].items()} == {
        "members": "ok", "measures": "ok", "grants": "ok"
    }  # fmt: skip


def test_the_data_folder_is_its_owners_alone(suite: Running, data: Path) -> None:
    for path in [data, *data.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_nothing_that_was_shown_once_stands_in_the_log(suite: Running, key: str) -> None:
    assert key not in suite.logged.read_text()
    assert suite.said(r"Password +(\S+)") not in suite.logged.read_text()


def test_a_second_process_on_the_same_data_is_refused_with_the_reason(suite: Running, data: Path) -> None:
    refused = run(data=data)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "is in use by another process" in refused.stderr


def test_a_port_in_use_is_said_in_one_line(suite: Running, tmp_path: Path) -> None:
    taken = suite.api.rpartition(":")[2]
    refused = run(data=tmp_path / "other", BACKBONE_PORT=taken)
    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert f"port {taken}: it is in use" in refused.stderr
    assert "BACKBONE_PORT" in refused.stderr
    assert not (tmp_path / "other").exists()


def test_a_new_password_is_set_while_the_suite_runs(suite: Running, data: Path) -> None:
    admin = suite.said(r"Sign in as +(\S+)")
    done = run("users", "reset-password", admin, data=data)
    assert done.returncode == 0, done.stderr
    assert signed_in(suite, admin, done.stdout.partition(f"{admin}: ")[2].split()[0]) == 201

    refused = run("users", "reset-password", "nobody@example.org", data=data)
    assert refused.returncode == 1
    assert "no user of the movement has this address" in refused.stderr


def test_a_backup_of_the_running_suite_starts_elsewhere(suite: Running, key: str, data: Path, tmp_path: Path) -> None:
    archive, keys = str(tmp_path / "backup.tar.gz"), str(tmp_path / "keys.tar.gz")
    done = run("backup", archive, "--secrets", keys, data=data)
    assert done.returncode == 0, done.stderr
    done = run("restore", archive, "--secrets", keys, data=tmp_path / "restored")
    assert done.returncode == 0, done.stderr
    with running(tmp_path / "restored") as restored:
        assert me(restored, key).status_code == 200
        assert "Platform key" not in restored.printed.read_text()
        assert restored.stop() == 0


def test_a_restore_leaves_the_running_suites_data_alone(suite: Running, data: Path, tmp_path: Path) -> None:
    archive = str(tmp_path / "backup.tar.gz")
    assert run("backup", archive, data=data).returncode == 0
    refused = run("restore", archive, data=data)
    assert refused.returncode == 1
    assert "is not empty" in refused.stderr


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Running]:
    """A suite in the middle of a request that never ends."""
    with running(tmp_path / "data") as suite:
        host, _, port = suite.api.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port))) as unfinished:
            unfinished.sendall(b"POST /v1/sessions HTTP/1.1\r\nhost: here\r\ncontent-length: 100\r\n\r\n{")
            yield suite


def test_a_signal_stops_it_cleanly_though_a_request_never_ends(busy: Running, tmp_path: Path) -> None:
    assert busy.stop(signal.SIGTERM) == 0
    assert "Traceback" not in busy.logged.read_text()
    assert not (tmp_path / "data" / "control.sock").exists()


def test_a_second_signal_ends_it_at_once(busy: Running) -> None:
    busy.process.send_signal(signal.SIGINT)
    wait_until_refused(busy)
    assert busy.stop(signal.SIGINT) == 1


def test_it_starts_again_after_a_kill(tmp_path: Path) -> None:
    with running(tmp_path / "data") as suite:
        key = suite.said(r"Platform key +(\S+)")
        suite.stop(signal.SIGKILL)
    with running(tmp_path / "data") as suite:
        assert me(suite, key).status_code == 200
        assert "Platform key" not in suite.printed.read_text()


@pytest.mark.parametrize("service", ["members", "measures", "grants", "gateway"])
def test_a_service_alone_says_what_it_needs(service: str, tmp_path: Path) -> None:
    refused = run(service, data=tmp_path / "data")
    assert refused.returncode == 2
    assert f"{service} alone needs DATABASE_URL and BUS_URL" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_the_admin_alone_says_what_it_needs(tmp_path: Path) -> None:
    refused = run("admin", data=tmp_path / "data")
    assert refused.returncode == 2
    assert "admin alone needs GATEWAY_URL" in refused.stderr


def test_a_service_alone_waits_for_no_migration_and_says_which_command_does_it(tmp_path: Path) -> None:
    urls = {"DATABASE_URL": f"sqlite:///{tmp_path}/{{service}}.db", "BUS_URL": f"sqlite:///{tmp_path}/bus.db"}
    refused = run("grants", data=tmp_path / "data", **urls)
    assert refused.returncode == 1
    assert "python -m services migrate grants" in refused.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [("BACKBONE_PORT", "many"), ("BACKBONE_BOOTSTRAP_KEY", "too short"), ("BUS_URL", "amqp://here")],
)
def test_a_setting_that_cannot_be_used_is_named_and_its_value_is_not(variable: str, value: str, tmp_path: Path) -> None:
    refused = run(data=tmp_path / "data", **{variable: value})
    assert refused.returncode == 2
    assert variable in refused.stderr
    assert value not in refused.stderr
    assert refused.stderr.count("\n") == 1
