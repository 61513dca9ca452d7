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

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from pydantic import SecretStr

from shared.settings import SERVICES, Settings, SettingsError

_NONCE = 12


class Unreadable(Exception):
    """A ciphertext that no key of ours opens, or that was sealed for something else."""


class Secrets:
    """One service's keys in memory. Compared and hashed by identity, so that caches can be keyed by it."""

    def __init__(
        self, *, signer: OKPKey, verifiers: KeySet, encryption: Mapping[str, bytes], pepper: bytes, cursor_key: bytes
    ) -> None:
        self.signer = signer
        """The private Ed25519 key of this service; its `kid` is `<service>.<n>`."""
        self.verifiers = verifiers
        """The public keys of all services."""
        self.pepper = pepper
        """Keys the HMAC of API keys at rest."""
        self.cursor_key = cursor_key
        """Keys the HMAC of list cursors."""
        self._ciphers = {name: AESGCM(key) for name, key in encryption.items()}
        self._newest = next(iter(encryption))

    @classmethod
    def load(cls, settings: Settings, service: str) -> Self:
        """The secrets of one service; what neither settings nor files hold is made and kept. Raises SettingsError."""
        given = {
            "signing_key": settings.signing_key,
            "verify_keys": settings.verify_keys,
            "encryption_keys": settings.encryption_keys,
            "key_pepper": settings.key_pepper,
            "cursor_key": settings.cursor_key,
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
            encryption = _encryption_keys(texts["encryption_keys"])
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise SettingsError(f"a secret of {service} is malformed ({type(error).__name__})") from None
        if not signer.is_private or signer_of(signer.kid or "") != service:
            raise SettingsError(f"BACKBONE_SIGNING_KEY: it is not a private key, or its kid is not '{service}.<n>'")
        return cls(
            signer=signer,
            verifiers=verifiers,
            encryption=encryption,
            pepper=texts["key_pepper"].encode(),
            cursor_key=texts["cursor_key"].encode(),
        )

    def seal(self, plaintext: bytes, *, bound_to: bytes) -> bytes:
        """Encrypt with the newest key (AES-256-GCM). `bound_to` names the row, so that a ciphertext cannot be moved."""
        nonce = os.urandom(_NONCE)
        name = self._newest.encode()
        return name + b":" + nonce + self._ciphers[self._newest].encrypt(nonce, plaintext, bound_to)

    def open(self, ciphertext: bytes, *, bound_to: bytes) -> bytes:
        """Decrypt what any of our keys sealed for the same `bound_to`. Raises Unreadable."""
        name, _, sealed = ciphertext.partition(b":")
        cipher = self._ciphers.get(name.decode("ascii", "replace"))
        if cipher is None:
            raise Unreadable("sealed with a key that is not here")
        try:
            return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], bound_to)
        except (InvalidTag, ValueError):
            raise Unreadable("not sealed for this, or altered") from None


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
            _keep(folder / "encryption_keys", f"k1:{_random_text()}")
            _keep(folder / "key_pepper", _random_text())
            _keep(folder / "cursor_key", _random_text())
            made = OKPKey.generate_key("Ed25519", {"kid": f"{service}.1", "alg": "Ed25519", "use": "sig"})
            kept = _keep(folder / "signing_key", json.dumps(made.as_dict(private=True)))
            signers[service] = OKPKey.import_key(json.loads(kept))
        public = [signers[service].as_dict(private=False) for service in signers]
        for service in signers:
            _publish(root / service / "verify_keys", public)


def rotate_encryption(root: Path, service: str) -> str:
    """Put a new encryption key in front, answer its id. The old keys stay, so that what they sealed can be opened."""
    path = root / service / "encryption_keys"
    with _alone_in(root):
        before = path.read_text(encoding="utf-8")
        name = f"k{max(int(kept[1:]) for kept in _encryption_keys(before)) + 1}"
        _write(path, f"{name}:{_random_text()},{before}")
    return name


def _publish(path: Path, keys: Sequence[Mapping[str, str | list[str]]]) -> None:
    """Add keys to a public set; a key already there stays, since tokens that it signed may still be on their way."""
    kept = json.loads(path.read_text(encoding="utf-8"))["keys"] if path.exists() else []
    new = [key for key in keys if key["kid"] not in {known["kid"] for known in kept}]
    if new or not path.exists():
        _write(path, json.dumps({"keys": [*kept, *new]}))


def _encryption_keys(text: str) -> dict[str, bytes]:
    pairs = (entry.strip().partition(":") for entry in text.split(","))
    keys = {name: base64.urlsafe_b64decode(key) for name, _, key in pairs}
    if any(len(key) != 32 or not name for name, key in keys.items()):
        raise ValueError("an encryption key has a name and 32 bytes")
    return keys


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
