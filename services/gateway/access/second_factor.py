"""The second factor: time-based one-time codes (RFC 6238: SHA-1, six digits, thirty seconds), each taken once."""

import hmac

import pyotp

from shared import clock
from shared.secrets import Secrets

_STEP_SECONDS = 30
_DRIFT = 1
"""Steps that a phone's clock may be off, either way."""

_ISSUER = "Backbone"


def new_secret() -> str:
    """A secret of 160 bits in base 32, as authenticator apps take it."""
    return pyotp.random_base32()


def address(secret: str, email: str) -> str:
    """The ``otpauth://`` address that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=_ISSUER)


def sealed(secret: str, user: str, secrets: Secrets) -> bytes:
    """The secret as it is stored, good for this user's row alone."""
    return secrets.seal(secret.encode(), bound_to=_bound_to(user))


def step_of(code: str, sealed_secret: bytes, user: str, spent: int, secrets: Secrets) -> int | None:
    """The time step whose code this is, or None: wrong, too old, or ``spent`` (at or before the last step taken)."""
    totp = pyotp.TOTP(secrets.open(sealed_secret, bound_to=_bound_to(user)).decode())
    present = int(clock.now().timestamp()) // _STEP_SECONDS
    steps = range(max(spent + 1, present - _DRIFT), present + _DRIFT + 1)
    right = [step for step in steps if hmac.compare_digest(totp.generate_otp(step), code)]
    return right[-1] if right else None


def _bound_to(user: str) -> bytes:
    return f"second factor of {user}".encode()
