from pathlib import Path

import pytest

from shared.secrets import Secrets
from shared.settings import Settings
from tests.cli.process import run


def test_help_lists_what_can_be_done(tmp_path: Path) -> None:
    told = run("--help", data=tmp_path)
    assert told.returncode == 0
    for command in ("members", "migrate", "secrets", "backup", "restore", "users", "keys", "consumers", "settings"):
        assert f"  {command} " in told.stdout


@pytest.mark.parametrize("arguments", [["nonsense"], ["members", "measures"], ["backup"], ["users", "reset-password"]])
def test_a_command_that_is_not_understood_is_told_and_does_nothing(arguments: list[str], tmp_path: Path) -> None:
    refused = run(*arguments, data=tmp_path / "data")
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "data").exists()


def test_what_an_old_key_sealed_is_read_after_a_rotation(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    sealed = Secrets.load(settings, "gateway").seal(b"a webhook's secret", bound_to=b"row 1")
    assert run("keys", "rotate", data=tmp_path).returncode == 0
    rotated = Secrets.load(settings, "gateway")
    assert rotated.open(sealed, bound_to=b"row 1") == b"a webhook's secret"
    assert rotated.seal(b"", bound_to=b"")[:3] != sealed[:3]


def test_a_key_from_the_environment_is_not_rotated_behind_its_owners_back(tmp_path: Path) -> None:
    refused = run("keys", "rotate", data=tmp_path, BACKBONE_ENCRYPTION_KEYS="k1:anything")
    assert refused.returncode == 1
    assert "BACKBONE_ENCRYPTION_KEYS" in refused.stderr


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_at_scale_backups_are_left_to_the_database_servers_own_tools(command: str, tmp_path: Path) -> None:
    at_scale = {"DATABASE_URL": "postgresql://127.0.0.1:1/{service}", "BUS_URL": "kafka://127.0.0.1:1"}
    refused = run(command, str(tmp_path / "archive.tar.gz"), data=tmp_path / "data", **at_scale)
    assert refused.returncode == 1
    assert "deploy/runbook.md" in refused.stderr


def test_a_backup_of_nothing_says_where_it_looked(tmp_path: Path) -> None:
    refused = run("backup", str(tmp_path / "archive.tar.gz"), data=tmp_path / "nowhere")
    assert refused.returncode == 1
    assert "nowhere" in refused.stderr
    assert not (tmp_path / "nowhere").exists()
