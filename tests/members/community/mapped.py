"""What tests of the map and of introductions begin with: assets in Gloucester, and who allows what."""

from shared.testing.caller import Json
from tests.members.caller import Caller

DOCKS = {"latitude": 51.8613, "longitude": -2.2519}
MATSON = {"latitude": 51.8394, "longitude": -2.2180}
AT_MATSON = {name: str(degrees) for name, degrees in MATSON.items()}
GARDENERS: Json = {
    "kind": "group",
    "title": "Matson gardeners",
    "description": "We grow vegetables behind the library.",
    "interests": ["cooking", "gardening"],
    "tags": ["outdoors"],
    "place": {
        "venue": "Matson Library",
        "address": "2 Matson Avenue",
        "town": "Gloucester",
        "county": "Gloucestershire",
        "postcode": "GL4 6LA",
        "area": "Matson",
        **MATSON,
    },
    "times": [{"day": "tuesday", "starts": "10:00", "ends": "12:00", "week": None, "note": None}],
    "languages": ["en", "pl"],
    "access": ["step_free"],
    "capacity": 20,
    "spare": 3,
    "contact": {"name": "Joan", "email": "joan@gardeners.example.org", "phone": "01452 555 010"},
}


async def draft(members: Caller, **changed: object) -> Json:
    """A draft, of a gardening group unless it is changed."""
    return await members.post("/v1/assets", {**GARDENERS, **changed})


async def published(members: Caller, **changed: object) -> Json:
    """An asset that was agreed to, verified and published."""
    asset = await draft(members, **changed)
    if asset["person"] is not None:
        await allow_the_map(members, asset["person"])
    await members.client.put(f"/v1/assets/{asset['id']}/agreement", json={"given_by": "the secretary", "how": "phone"})
    await members.post(f"/v1/assets/{asset['id']}/verifications", {"how": "visit"}, status=200)
    return await members.post(f"/v1/assets/{asset['id']}/publish", status=200)


async def allow_the_map(members: Caller, person: str, decision: str = "given", **more: object) -> None:
    """Have a person allow, or no longer allow, that what they offer is shown."""
    said = {"purpose": "asset_map", "channel": "publication", "decision": decision, **more}
    notice = {"name": "asset_map", "version": "1"} if decision == "given" else None
    answered = await members.client.post(f"/v1/people/{person}/permissions", json={**said, "notice": notice})
    assert answered.status_code in (201, 409), answered.text  # they may have allowed it for another asset
