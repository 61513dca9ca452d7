"""Steps that the tests of gatherings share: editing with an ETag, and a gathering with a slot that can be booked."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from shared import clock
from shared.testing.caller import Json, json_of
from tests.members.caller import Caller

WALK: Json = {
    "kind": "walk",
    "title": "End-of-shift walk",
    "audience": "public",
    "place_name": "Hampstead Heath, the east gate",
    "postcode": "NW3 2QG",
    "online_url": "https://meet.example.org/walk",
    "access": ["step-free"],
    "languages": ["en", "pl"],
}
LONDON = ZoneInfo("Europe/London")


def local(**ahead: float) -> str:
    """What London's clocks show so much time from now, to the minute."""
    at = clock.now() + timedelta(**ahead)
    return at.astimezone(LONDON).strftime("%Y-%m-%dT%H:%M:00")


async def edit(
    caller: Caller, path: str, body: object = None, *, method: str = "POST", tag: str = "*", status: int = 200
) -> Json:
    """Edit what must be editable (or must be refused, by ``status``), at the version that the ETag names."""
    answered = await caller.client.request(method, path, json=body, headers={"if-match": tag})
    return json_of(answered, status)


async def published(members: Caller, **slot: object) -> tuple[str, str]:
    """The ids of a gathering that can be booked, and of its slot, which begins tomorrow unless it is said otherwise."""
    gathering = str((await members.post("/v1/gatherings", WALK))["id"])
    said = {"starts": local(days=1), "minutes": 60} | slot
    made = str((await members.post(f"/v1/gatherings/{gathering}/slots", said))["id"])
    await edit(members, f"/v1/gatherings/{gathering}/publish")
    return gathering, made


async def book(
    members: Caller, gathering: str, slot: str, person: str | None = None, status: int = 201, **other: object
) -> Json:
    """A booking of a slot, by somebody who just signed up unless it is said who."""
    body = {"slot": slot, "person": person or await members.person(), **other}
    return await members.post(f"/v1/gatherings/{gathering}/bookings", body, status=status)


async def states(members: Caller, slot: str, gathering: str) -> list[str]:
    """The states of a slot's bookings, in the order in which they were made."""
    rows = await members.every(f"/v1/gatherings/{gathering}/bookings", slot=slot)
    return [row["state"] for row in rows]
