"""Routes about oneself. They need no scope that somebody grants."""

from datetime import datetime

from fastapi import Response
from sqlalchemy import orm

from services.gateway.access import passwords, second_factor
from services.gateway.access.callers import Caller, CallerOf
from services.gateway.access.me.proof import prove_code, prove_password
from services.gateway.access.me.schemas import Me, WithheldClass
from services.gateway.access.movements import store as movements
from services.gateway.access.movements.schemas import Movement
from services.gateway.access.users import domain
from services.gateway.access.users.schemas import Confirmation, NewPassword, SecondFactor, User
from shared.calls import Call, CallOf
from shared.coverage import DataClass
from shared.db.types import from_microseconds
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["access"])


@router.get("/v1/me", response_model=Me, **needs("me:read"))
async def who_am_i(call: Call, caller: CallerOf) -> Me:
    """Who the credential says you are, and what you may do."""
    return await call.read_by_key(_me, caller)


@router.put("/v1/me/password", status_code=204, **needs("me:write", user=True))
async def change_password(body: NewPassword, call: Call, caller: CallerOf) -> Response:
    """Change your password. Every other session of yours ends."""
    await prove_password(call, body.current)
    changed = await passwords.store_form(body.new)
    return await call.write(domain.set_password, _user(call), changed, keep=caller.credential, answer=None)


@router.post("/v1/me/second-factor", status_code=201, response_model=SecondFactor, **needs("me:write", user=True))
async def offer_second_factor(call: Call) -> Response:
    """Get a secret for an authenticator app. It counts once `/v1/me/second-factor/confirmations` has a code of it."""
    secret = second_factor.new_secret()
    return await call.write(
        domain.offer_second_factor,
        _user(call),
        second_factor.sealed(secret, _user(call), call.parts.secrets),
        answer=lambda user: SecondFactor(secret=secret, uri=second_factor.address(secret, user.email)),
    )


@router.post("/v1/me/second-factor/confirmations", status_code=204, **needs("me:write", user=True))
async def confirm_second_factor(body: Confirmation, call: Call) -> Response:
    """From now on signing in takes a code too."""
    step = await prove_code(call, body.code)
    return await call.write(domain.confirm_second_factor, _user(call), step, answer=None)


@router.post("/v1/me/second-factor/removals", status_code=204, **needs("me:write", user=True))
async def remove_second_factor(body: Confirmation, call: Call) -> Response:
    """Sign in by password alone again; it takes a last code."""
    step = await prove_code(call, body.code)
    return await call.write(domain.remove_second_factor, _user(call), step, answer=None)


def _user(call: CallOf) -> str:
    """The caller's user; the routes that ask need one."""
    return call.principal.user or ""


def _me(session: orm.Session, movement: str, caller: Caller) -> Me:
    principal = caller.principal
    found = movements.find(session, movement)
    user = domain.get_user(session, movement, principal.user) if principal.user else None
    expires: datetime | None = None if caller.expires_at is None else from_microseconds(caller.expires_at)
    return Me(
        id=caller.credential,
        kind=caller.kind,
        scopes=sorted(caller.granted),
        movement=Movement.of(found) if found else None,
        organisation=principal.organisation,
        user=User.of(user) if user else None,
        expires_at=expires,
        withheld=[
            WithheldClass(
                data_class=DataClass(data_class), because=answer.because, agreement=answer.agreement, day=answer.day
            )
            for data_class, answer in principal.withheld
        ],
    )
