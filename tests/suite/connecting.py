"""A CRM connected to a running suite, as a movement does it: a partner, an agreement with them, and the connection."""

from datetime import timedelta

import httpx

from shared import clock
from shared.testing.caller import Json
from shared.testing.eventually import eventually
from tests.suite.story import post

_PURPOSE = "introductions"


async def connect(client: httpx.AsyncClient, crm: Json) -> str:
    """The path of a connection of a new partner. ``crm`` says which one it is and how it is called."""
    partner = (await post(client, "/v1/organisations", {"name": "A partner"}))["id"]
    today = clock.now().date()
    await post(client, "/v1/agreements", {
        "kind": "sharing", "parties": [partner], "purposes": [_PURPOSE], "data_classes": ["contact"],
        "basis": "legitimate_interests", "reference": "DSA-1", "signed_on": today.isoformat(),
        "review_on": (today + timedelta(days=90)).isoformat(),
    })  # fmt: skip
    body = crm | {"name": "Theirs", "organisation": partner, "purpose": _PURPOSE}

    async def covered() -> Json | None:
        made = await client.post("/v1/crm-connections", json=body)
        return made.json() if made.status_code == 201 else None

    made = await eventually(covered, within=30)
    assert made is not None
    return f"/v1/crm-connections/{made['id']}"
