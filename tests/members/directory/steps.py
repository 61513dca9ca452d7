"""Steps that the tests of this room share: editing at a version."""

from shared.testing.caller import Json, json_of
from tests.members.caller import Caller


async def change(members: Caller, path: str, body: object, *, tag: str = "*") -> Json:
    """Edit what must be editable, at the version that the ETag names (unless it is said: at any)."""
    return json_of(await members.client.patch(path, json=body, headers={"if-match": tag}), 200)


async def refused_change(members: Caller, path: str, body: object, *, tag: str = "*") -> tuple[int, Json]:
    """Edit what must not be taken; the status and the problem."""
    answered = await members.client.patch(path, json=body, headers={"if-match": tag})
    return answered.status_code, json_of(answered, answered.status_code)
