import json
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from shared.secrets import Secrets, Unreadable, create_all, rotate_encryption
from shared.settings import SERVICES, Settings, SettingsError
from tests.shared.trial import settings_for


def test_secrets_are_made_once_and_then_kept(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    first, again = Secrets.load(settings, "members"), Secrets.load(settings, "members")
    assert first.pepper == again.pepper
    assert first.cursor_key == again.cursor_key
    assert again.open(first.seal(b"x", bound_to=b"row 1"), bound_to=b"row 1") == b"x"


def test_only_the_owner_can_read_what_was_made(tmp_path: Path) -> None:
    create_all(tmp_path / "secrets")
    for path in [tmp_path / "secrets", *(tmp_path / "secrets").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or path.name == ".lock", path


def test_no_two_services_share_a_secret_but_all_know_every_public_key(tmp_path: Path) -> None:
    create_all(tmp_path)
    for name in ("signing_key", "encryption_keys", "key_pepper", "cursor_key"):
        assert len({(tmp_path / service / name).read_text() for service in SERVICES}) == len(SERVICES)
    for service in SERVICES:
        known = json.loads((tmp_path / service / "verify_keys").read_text())["keys"]
        assert {key["kid"] for key in known} == {f"{other}.1" for other in SERVICES}
        assert not any("d" in key for key in known)


def test_a_service_that_joins_later_becomes_known_to_the_others(tmp_path: Path) -> None:
    create_all(tmp_path)
    create_all(tmp_path, [*SERVICES, "admin"])
    known = json.loads((tmp_path / "members" / "verify_keys").read_text())["keys"]
    assert "admin.1" in {key["kid"] for key in known}


def test_processes_that_start_together_make_one_set(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(lambda _: Secrets.load(settings, "members").pepper, range(8)))
    assert len(set(loaded)) == 1


def test_settings_come_before_files(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, key_pepper=SecretStr("p" * 32))
    assert Secrets.load(settings, "gateway").pepper == b"p" * 32


def test_with_every_secret_in_settings_no_file_is_made(tmp_path: Path) -> None:
    create_all(tmp_path / "elsewhere")
    given = {path.name: SecretStr(path.read_text()) for path in (tmp_path / "elsewhere" / "grants").iterdir()}
    settings = Settings.model_validate({"data_dir": tmp_path / "data", **given})
    Secrets.load(settings, "grants")
    assert not (tmp_path / "data").exists()


def test_another_services_signing_key_is_refused(tmp_path: Path) -> None:
    create_all(tmp_path)
    stolen = SecretStr((tmp_path / "gateway" / "signing_key").read_text())
    with pytest.raises(SettingsError, match="its kid is not 'members"):
        Secrets.load(settings_for(tmp_path, signing_key=stolen), "members")


def test_a_public_key_cannot_sign_and_is_refused_as_a_signing_key(tmp_path: Path) -> None:
    create_all(tmp_path)
    public = json.loads((tmp_path / "gateway" / "verify_keys").read_text())["keys"]
    ours = next(key for key in public if key["kid"] == "members.1")
    with pytest.raises(SettingsError, match="not a private key"):
        Secrets.load(settings_for(tmp_path, signing_key=SecretStr(json.dumps(ours))), "members")


@pytest.mark.parametrize(
    ("name", "value"),
    [("signing_key", "{}"), ("signing_key", "hunter2"), ("verify_keys", "[]"), ("encryption_keys", "k1:c2hvcnQ="),
     ("encryption_keys", "hunter2")],
)  # fmt: skip
def test_a_malformed_secret_stops_the_start_and_is_not_repeated(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Secrets.load(settings_for(tmp_path, **{name: SecretStr(value)}), "members")
    assert "hunter2" not in str(caught.value)


def test_a_sealed_text_opens_only_for_what_it_was_sealed_for(tmp_path: Path) -> None:
    secrets = Secrets.load(settings_for(tmp_path), "members")
    sealed = secrets.seal(b"a bank account", bound_to=b"payee_1")
    assert b"bank" not in sealed
    with pytest.raises(Unreadable):
        secrets.open(sealed, bound_to=b"payee_2")


def test_an_altered_or_foreign_ciphertext_is_unreadable(tmp_path: Path) -> None:
    secrets = Secrets.load(settings_for(tmp_path), "members")
    sealed = secrets.seal(b"x", bound_to=b"")
    for broken in (sealed[:-1] + bytes([sealed[-1] ^ 1]), sealed[:5], b"k9:" + sealed[3:], b"", b"\xff:" + sealed[3:]):
        with pytest.raises(Unreadable):
            secrets.open(broken, bound_to=b"")


def test_after_a_rotation_the_new_key_seals_and_the_old_one_still_opens(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    before = Secrets.load(settings, "members").seal(b"x", bound_to=b"")
    assert rotate_encryption(settings.secrets_dir, "members") == "k2"
    after = Secrets.load(settings, "members")
    assert after.open(before, bound_to=b"") == b"x"
    assert after.seal(b"y", bound_to=b"").startswith(b"k2:")
