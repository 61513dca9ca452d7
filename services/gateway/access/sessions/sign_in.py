"""Signing in: what happens in which order, so that neither the answer nor the time it takes tells who has one."""

import hmac

from services.gateway.access import passwords, second_factor
from services.gateway.access.movements.models import Movement as Tenant
from services.gateway.access.movements.schemas import Movement
from services.gateway.access.sessions import domain, store
from services.gateway.access.sessions.domain import CodeNeeded, WrongCredentials
from services.gateway.access.sessions.schemas import NewSession, SignedIn
from services.gateway.access.users.models import User as Account
from services.gateway.access.users.schemas import User
from shared.db import Context
from shared.parts import Parts
from shared.secrets import Secrets


async def sign_in(parts: Parts, wanted: NewSession) -> SignedIn:
    """Open a session. Raises WrongCredentials, CodeNeeded or TooManyAttempts."""
    address = address_kept(wanted.email, parts.secrets)
    with passwords.turn():
        account, movement = await _judged(parts, wanted, address)
    step = _step(account, wanted.code, parts.secrets) if account.totp_confirmed else None
    bound = parts.db.on_behalf(Context(movement.id, account.id))
    opened, token = await bound.write(
        domain.open_session,
        movement.id,
        account.id,
        judged=account,
        step=step,
        address=address,
        pepper=parts.secrets.pepper,
    )
    return SignedIn(
        id=opened.id,
        token=token,
        expires_at=opened.expires_at,
        user=User.of(account),
        movement=Movement.of(movement),
    )


async def _judged(parts: Parts, wanted: NewSession, address: str) -> tuple[Account, Tenant]:
    """The account whose password this is, and its movement."""
    await parts.db.write(domain.count_attempt, address)
    accounts = await parts.db.read(store.accounts, wanted.email.lower(), wanted.movement)
    # With two accounts and no movement named neither is tried: which one is meant cannot be known.
    found = accounts[0] if len(accounts) == 1 else None
    right = await passwords.matches(found[0].password_hash if found else None, wanted.password)
    if found is None or not right:
        raise WrongCredentials()
    return found


def _step(account: Account, code: str | None, secrets: Secrets) -> int:
    """The time step of the code that was sent."""
    if code is None:
        raise CodeNeeded()
    step = None
    if account.totp_secret is not None:
        step = second_factor.step_of(code, account.totp_secret, account.id, account.totp_last_step, secrets)
    if step is None:
        raise WrongCredentials()
    return step


def address_kept(email: str, secrets: Secrets) -> str:
    """The address as the count of failures keeps it: not readable, for it may be anybody's."""
    return hmac.digest(secrets.pepper, b"sign-in of " + email.lower().encode(), "sha256").hex()
