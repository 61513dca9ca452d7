"""Proof that a signed-in user still is who they were: wrong attempts are counted as those of signing in are."""

import hmac

from services.gateway.access import passwords, second_factor
from services.gateway.access.sessions import domain as sessions
from services.gateway.access.sessions.domain import WrongCredentials
from services.gateway.access.users import domain as users
from services.gateway.access.users.domain import NoSecondFactor
from services.gateway.access.users.models import User
from shared.calls import CallOf


async def prove_password(call: CallOf, password: str) -> None:
    """Raise WrongCredentials unless this is the caller's password."""
    with passwords.turn():
        user = await _counted(call)
        if not await passwords.matches(user.password_hash, password):
            raise WrongCredentials()
    await _forgotten(call)


async def prove_code(call: CallOf, code: str) -> int:
    """The time step of a code of the caller's second factor, confirmed or not yet; raises WrongCredentials."""
    user = await _counted(call)
    if user.totp_secret is None:
        raise NoSecondFactor()
    step = second_factor.step_of(code, user.totp_secret, user.id, user.totp_last_step, call.parts.secrets)
    if step is None:
        raise WrongCredentials()
    await _forgotten(call)
    return step


async def _counted(call: CallOf) -> User:
    user = await call.read_by_key(users.get_user, call.principal.user or "")
    await call.bound.write(sessions.count_attempt, _address(call))
    return user


async def _forgotten(call: CallOf) -> None:
    await call.bound.write(sessions.forget_attempts, _address(call))


def _address(call: CallOf) -> str:
    return hmac.digest(call.parts.secrets.pepper, f"proof of {call.principal.user}".encode(), "sha256").hex()
