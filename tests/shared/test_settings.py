from pathlib import Path

import pytest

from shared.settings import Settings, SettingsError, table

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.alias), raising=False)
        monkeypatch.delenv(f"{field.alias}_FILE", raising=False)


def test_with_nothing_set_everything_lies_in_the_data_folder(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    assert settings.database_url("members") == f"sqlite:///{tmp_path}/members.db"
    assert settings.bus_url == f"sqlite:///{tmp_path}/bus.db"
    assert settings.secrets_dir == tmp_path / "secrets"
    assert settings.upstream_url("members") == "asgi://members"
    assert (settings.port, settings.admin_port) == (8000, 8001)


def test_a_database_url_names_each_services_own_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://{service}:secret@db/{service}")
    assert Settings.load().database_url("grants") == "postgresql://grants:secret@db/grants"


def test_the_suite_on_one_database_for_all_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/backbone")
    with pytest.raises(SettingsError, match=r"DATABASE_URL: needs \{service\}"):
        Settings.load()


def test_a_service_alone_says_all_that_it_needs() -> None:
    with pytest.raises(SettingsError, match="members alone needs DATABASE_URL and BUS_URL"):
        Settings.load("members")


def test_a_service_alone_starts_with_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/members")
    monkeypatch.setenv("BUS_URL", "kafka://kafka:9092")
    assert Settings.load("members").bus_url == "kafka://kafka:9092"


def test_every_wrong_value_is_named_and_none_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKBONE_PORT", "eight-thousand")
    monkeypatch.setenv("BACKBONE_BOOTSTRAP_KEY", "too-short-secret")
    with pytest.raises(SettingsError) as caught:
        Settings.load()
    assert "BACKBONE_PORT: Input should be a valid integer" in str(caught.value)
    assert "BACKBONE_BOOTSTRAP_KEY: " in str(caught.value)
    assert "eight-thousand" not in str(caught.value)
    assert "too-short-secret" not in str(caught.value)


def test_a_database_of_another_kind_is_refused_before_anything_connects(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://somebody:secret@db/members")
    with pytest.raises(SettingsError, match=r"DATABASE_URL: .*begins with postgresql:// or sqlite:///") as caught:
        Settings.load()
    assert "secret@" not in str(caught.value)


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKBONE_PORT", "")
    assert Settings.load().port == 8000


def test_a_secret_can_be_given_as_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k" * 40 + "\n")
    monkeypatch.setenv("BACKBONE_BOOTSTRAP_KEY_FILE", str(tmp_path / "key"))
    key = Settings.load().bootstrap_key
    assert key is not None
    assert key.get_secret_value() == "k" * 40


def test_a_secret_file_that_is_not_there_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKBONE_KEY_PEPPER_FILE", "/nowhere/at/all")
    with pytest.raises(SettingsError, match="BACKBONE_KEY_PEPPER_FILE: the file cannot be read"):
        Settings.load()


def test_no_secret_shows_when_settings_are_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hunter2@db/{service}")
    monkeypatch.setenv("BACKBONE_KEY_PEPPER", "hunter2" * 8)
    assert "hunter2" not in repr(Settings.load())


def test_settings_do_not_change_once_read() -> None:
    for name in Settings.model_fields:
        with pytest.raises(ValueError, match="frozen"):
            setattr(Settings(), name, None)


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_setting_stands_in_a_table_of_the_documentation() -> None:
    written = "".join((ROOT / page).read_text(encoding="utf-8") for page in ("README.md", "ARCHITECTURE.md"))
    rows = "".join(line for line in written.splitlines() if line.startswith("|"))
    assert [field.alias for field in Settings.model_fields.values() if f"`{field.alias}`" not in rows] == []


def test_the_table_has_a_row_for_every_setting() -> None:
    assert len(table().splitlines()) == 2 + len(Settings.model_fields)
