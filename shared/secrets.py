"""The service's secrets: who signs, who verifies, what encrypts. From settings, from files, or made at first start.

A made secret is a file `<secrets dir>/<service>/<name>` (0600 in a folder 0700), in the form that the setting of that
name has, so a file can be moved into a setting as it is. Only the service itself needs its folder; the public keys of
all services are copied into each.
"""

import base64
import fcntl
import json
import os
import secrets as random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from pydantic import SecretStr

from shared.keyring import Keyring, Unreadable, parsed
from shared.settings import SERVICES, Settings, SettingsError

__all__ = ["RINGS", "Secrets", "Unreadable", "create_all", "rotate_encryption", "signer_of"]

RINGS: Mapping[str, tuple[str, ...]] = {"members": ("equality", "safeguarding")}
"""The rings of keys that a service has besides its own: each is a file, and a setting, called `<ring>_keys`."""


class Secrets:
    """One service's keys in memory. Compared and hashed by identity, so that caches can be keyed by it."""

    def __init__(
        self,
        *,
        signer: OKPKey,
        verifiers: KeySet,
        encryption: Keyring,
        rings: Mapping[str, Keyring],
        pepper: bytes,
        cursor_key: bytes,
    ) -> None:
        self.signer = signer
        """The private Ed25519 key of this service; its `kid` is `<service>.<n>`."""
        self.verifiers = verifiers
        """The public keys of all services."""
        self.pepper = pepper
        """Keys the HMAC of API keys at rest."""
        self.cursor_key = cursor_key
        """Keys the HMAC of list cursors."""
        self.rings = rings
        """The rings of keys for what is for fewer eyes than the service's own, by their purpose."""
        self.seal = encryption.seal
        self.open = encryption.open

    @classmethod
    def load(cls, settings: Settings, service: str) -> Self:
        """The secrets of one service; what neither settings nor files hold is made and kept. Raises SettingsError."""
        given = {
            "signing_key": settings.signing_key,
            "verify_keys": settings.verify_keys,
            "encryption_keys": settings.encryption_keys,
            "key_pepper": settings.key_pepper,
            "cursor_key": settings.cursor_key,
            **_given_rings(settings, service),
        }
        folder = settings.secrets_dir / service
        if any(value is None and not (folder / name).exists() for name, value in given.items()):
            create_all(settings.secrets_dir, {*SERVICES, service})
        return cls._parsed({name: _text(value, folder / name) for name, value in given.items()}, service)

    @classmethod
    def _parsed(cls, texts: Mapping[str, str], service: str) -> Self:
        try:
            signer = OKPKey.import_key(json.loads(texts["signing_key"]))
            verifiers = KeySet.import_key_set(json.loads(texts["verify_keys"]))
            encryption = Keyring.parsed(texts["encryption_keys"])
            rings = {ring: Keyring.parsed(texts[_of_ring(ring)]) for ring in RINGS.get(service, ())}
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SettingsError(f"a secret of {service} is malformed ({type(error).__name__})") from None
        if not signer.is_private or signer_of(signer.kid or "") != service:
            raise SettingsError(f"BACKBONE_SIGNING_KEY: it is not a private key, or its kid is not '{service}.<n>'")
        return cls(
            signer=signer,
            verifiers=verifiers,
            encryption=encryption,
            rings=rings,
            pepper=texts["key_pepper"].encode(),
            cursor_key=texts["cursor_key"].encode(),
        )


def signer_of(kid: str) -> str:
    """The service that a key id names: `gateway` for `gateway.1`."""
    return kid.partition(".")[0]


def create_all(root: Path, services: Iterable[str] = SERVICES) -> None:
    """Make what is missing of every service's secrets under `<root>/<service>/`, and keep what is there.

    Any number of processes may do it at once: a lock on the folder lets one at a time in.
    """
    with _alone_in(root):
        signers: dict[str, OKPKey] = {}
        for service in sorted(services):
            folder = root / service
            folder.mkdir(mode=0o700, exist_ok=True)
            for name in _sealing(service):
                _keep(folder / name, f"k1:{_random_text()}")
            _keep(folder / "key_pepper", _random_text())
            _keep(folder / "cursor_key", _random_text())
            made = OKPKey.generate_key("Ed25519", {"kid": f"{service}.1", "alg": "Ed25519", "use": "sig"})
            kept = _keep(folder / "signing_key", json.dumps(made.as_dict(private=True)))
            signers[service] = OKPKey.import_key(json.loads(kept))
        public = [signers[service].as_dict(private=False) for service in signers]
        for service in signers:
            _publish(root / service / "verify_keys", public)


def rotate_encryption(root: Path, service: str) -> str:
    """Put a new key in front in each ring of a service, answer its id in the service's own. The old keys stay, so that
    what they sealed can be opened."""
    names = []
    with _alone_in(root):
        for path in (root / service / name for name in _sealing(service)):
            before = path.read_text(encoding="utf-8")
            names.append(f"k{max(int(kept[1:]) for kept in parsed(before)) + 1}")
            _write(path, f"{names[-1]}:{_random_text()},{before}")
    return names[0]


def _sealing(service: str) -> tuple[str, ...]:
    """The files of the keys that a service seals with, its own first."""
    return "encryption_keys", *map(_of_ring, RINGS.get(service, ()))


def _of_ring(ring: str) -> str:
    return f"{ring}_keys"


def _given_rings(settings: Settings, service: str) -> dict[str, SecretStr | None]:
    known = {"equality": settings.equality_keys, "safeguarding": settings.safeguarding_keys}
    return {_of_ring(ring): known[ring] for ring in RINGS.get(service, ())}


def _publish(path: Path, keys: Sequence[Mapping[str, str | list[str]]]) -> None:
    """Add keys to a public set; a key already there stays, since tokens that it signed may still be on their way."""
    kept = json.loads(path.read_text(encoding="utf-8"))["keys"] if path.exists() else []
    new = [key for key in keys if key["kid"] not in {known["kid"] for known in kept}]
    if new or not path.exists():
        _write(path, json.dumps({"keys": [*kept, *new]}))


def _text(value: SecretStr | None, path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if value is None else value.get_secret_value()


def _random_text() -> str:
    return base64.urlsafe_b64encode(random.token_bytes(32)).decode()


def _keep(path: Path, text: str) -> str:
    """Write the text unless the file is there; answer what is there then."""
    if not path.exists():
        _write(path, text)
    return path.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    """Replace a file in one step, readable by its owner alone: a crash leaves the old one or the new one."""
    partial = path.with_name(path.name + ".partial")
    with open(partial, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


@contextmanager
def _alone_in(root: Path) -> Iterator[None]:
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(root / ".lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
