"""Steps that the tests of this room share: editing with an ETag, an active circle, and somebody who holds something."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from shared import clock
from shared.ids import new_id
from shared.parts import Work
from shared.secrets import Secrets
from shared.testing.caller import Json, json_of
from shared.testing.eventually import eventually
from tests.members.caller import Caller

TODAY = clock.now().date()


async def edit(
    caller: Caller, path: str, body: object = None, *, method: str = "POST", tag: str = "*", status: int = 200
) -> Json:
    """Edit what must be editable (or must be refused, by ``status``), at the version that the ETag names."""
    answered = await caller.client.request(method, path, json=body, headers={"if-match": tag})
    return json_of(answered, status)


async def active_circle(members: Caller, name: str = "Stewards") -> str:
    """The id of a circle that decides."""
    body = {"kind": "stewardship_circle", "name": name, "purpose": "To look after what we share."}
    circle = str((await members.post("/v1/circles", body))["id"])
    await edit(members, f"/v1/circles/{circle}/activate")
    return circle


async def offered(members: Caller, about: str, holder: str, **more: object) -> str:
    """The id of a stewardship that somebody is asked to take on."""
    body = {"about": about, "holder": holder, "why": "They know each other.", **more}
    return str((await members.post("/v1/stewardships", body))["id"])


async def accepted(members: Caller, stewardship: str) -> Json:
    """Write down that whoever was asked said yes."""
    said = {"told_us_on": TODAY.isoformat()}
    return await members.post(f"/v1/stewardships/{stewardship}/accept", said, status=200)


async def held(members: Caller, about: str, holder: str, **more: object) -> str:
    """The id of a stewardship that somebody has."""
    stewardship = await offered(members, about, holder, **more)
    await accepted(members, stewardship)
    return stewardship


async def leave(members: Caller, person: str | None, caretaker: str | None = None, **more: object) -> Json:
    """What becomes of the leaving of somebody, as the gateway brings it."""
    path = f"/internal/handovers/{more.pop('handover', None) or new_id('handover')}"
    body = {"person": person, "caretaker": caretaker, "reason": "new_role", "leaving_on": TODAY.isoformat(), **more}
    answered = await members.client.put(path, json=body)
    return json_of(answered, answered.status_code if answered.is_success else 201)


@asynccontextmanager
async def signed_in_as(person: str, members: Caller, vouching: Secrets) -> AsyncIterator[Caller]:
    """A user of the movement who is this person."""
    async with Caller(members.app, vouching, members.movement, user=new_id("user"), person=person) as caller:
        yield caller


async def organisation(members: Caller, name: str) -> str:
    """The id of a new organisation."""
    return str((await members.post("/v1/organisations", {"name": name}))["id"])


async def tie(members: Caller, first: str, second: str, *, confirmed: bool = True, **more: object) -> str:
    """The id of a tie that was written down as both sides said it, or only the first; all of the movement see it."""
    told = {"told_us_on": TODAY.isoformat()}
    said = {"kind": "works_with", "since": TODAY.isoformat(), "visibility": "movement", **more, **told}
    made = str((await members.post("/v1/ties", {"first": first, "second": second, **said}))["id"])
    if confirmed:
        await members.post(f"/v1/ties/{made}/confirm", told, status=200)
    return made


async def running_until(app: FastAPI, work: Work, so: Callable[[], Awaitable[object]]) -> None:
    """Run a worker of the service until something is so; each looks for what there is to do as soon as it starts."""
    worker = asyncio.create_task(work(app.state.parts))
    await eventually(so)
    worker.cancel()
    with suppress(asyncio.CancelledError):
        await worker
