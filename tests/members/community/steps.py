"""Steps that the tests of this room share: editing with an ETag, and an active circle."""

from shared.testing.caller import Json, json_of
from tests.members.caller import Caller


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
