"""A ring of keys: what an old key sealed or blinded is still opened and found once a new one is in front."""

from pathlib import Path

import pytest

from shared.keyring import Keyring, Unreadable
from shared.secrets import Secrets, create_all, rotate_encryption
from tests.shared.trial import settings_for


def test_a_rotation_puts_a_new_key_in_front_of_every_ring_and_the_old_ones_go_on_opening(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    before = Secrets.load(settings, "members").rings["safeguarding"]
    sealed, blinded = before.seal(b"x", bound_to=b"row 1"), before.blind("person_1")
    rotate_encryption(settings.secrets_dir, "members")
    after = Secrets.load(settings, "members").rings["safeguarding"]
    assert after.open(sealed, bound_to=b"row 1") == b"x"
    assert after.blind("person_1") != blinded
    assert blinded in after.blinds("person_1")
    with pytest.raises(Unreadable):
        before.open(after.seal(b"y", bound_to=b"row 1"), bound_to=b"row 1")


def test_no_ring_opens_what_another_or_the_service_itself_sealed(tmp_path: Path) -> None:
    secrets = Secrets.load(settings_for(tmp_path), "members")
    with pytest.raises(Unreadable):
        secrets.rings["safeguarding"].open(secrets.seal(b"x", bound_to=b"row 1"), bound_to=b"row 1")
    with pytest.raises(Unreadable):
        secrets.open(secrets.rings["safeguarding"].seal(b"x", bound_to=b"row 1"), bound_to=b"row 1")


def test_only_the_service_that_keeps_them_has_the_keys_of_safeguarding(tmp_path: Path) -> None:
    create_all(tmp_path)
    assert [path.parent.name for path in tmp_path.rglob("safeguarding_keys")] == ["members"]


@pytest.mark.parametrize("text", ["", "k1", "k1:c2hvcnQ=", ":" + "A" * 44])
def test_what_is_no_ring_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"name and 32 bytes|padding|characters"):
        Keyring.parsed(text)
