"""Steps of tests that erase somebody, with the other services' answers played by their verbs."""

from services.members.trust.erasures import domain
from shared.db import Context
from shared.testing.caller import Json
from shared.testing.eventually import eventually
from tests.members.caller import Caller
from tests.members.engagement.gatherings.steps import edit

OTHERS = ("gateway", "grants", "measures")


async def asked(user: Caller, person: str, **more: object) -> str:
    """The id of an erasure that was asked for."""
    return str((await user.post("/v1/erasures", {"person": person, **more}))["id"])


async def verified(user: Caller, person: str, **more: object) -> str:
    """The id of an erasure that somebody has verified."""
    erasure = await asked(user, person, **more)
    await edit(user, f"/v1/erasures/{erasure}/verification", {"how": "known_to_us"})
    return erasure


async def begun(user: Caller, person: str, *holds: Json, **more: object) -> str:
    """The id of an erasure that has begun."""
    erasure = await verified(user, person, **more)
    await edit(user, f"/v1/erasures/{erasure}/start", {"holds": list(holds)}, status=202)
    return erasure


async def admitted(user: Caller, erasure: str) -> None:
    """Let the gateway say that nothing stands in the way, and the others that they have erased."""
    db = user.app.state.parts.db.on_behalf(Context(user.movement, "service:gateway"))
    await db.write(domain.admit, user.movement, erasure)
    for service in OTHERS:
        await db.write(domain.answered, user.movement, erasure, service, 0)


async def ended(user: Caller, erasure: str) -> Json:
    """The erasure, once it is over."""

    async def over() -> Json | None:
        shown = await user.get(f"/v1/erasures/{erasure}")
        return shown if shown["ended_at"] is not None else None

    shown = await eventually(over, within=30)
    assert shown is not None
    return shown


async def erased(user: Caller, person: str, *holds: Json, **more: object) -> Json:
    """Have somebody erased; the erasure, once it is over."""
    erasure = await begun(user, person, *holds, **more)
    await admitted(user, erasure)
    return await ended(user, erasure)
