"""What the tests of asks and offers begin with: one of each, and a match between the two."""

from shared.testing.caller import Json, json_of
from tests.members.caller import Caller

HEDGE: Json = {"kind": "time", "title": "a hand with the hedge"}


async def listed(members: Caller, noun: str, owner: str | None = None, **other: object) -> Json:
    """An ask or an offer of somebody, by their id; of somebody new where nobody is named."""
    owner = owner or await members.person()
    whose = "organisation" if owner.startswith("org_") else "person"
    return await members.post(f"/v1/{noun}", {**HEDGE, whose: owner, **other})


async def matched(members: Caller, ask: Json | None = None, offer: Json | None = None) -> Json:
    """A match of an ask and an offer, of new ones unless they are given."""
    ask = ask or await listed(members, "asks")
    offer = offer or await listed(members, "offers")
    return await members.post("/v1/asks/matches", {"ask": ask["id"], "offer": offer["id"]})


async def step(members: Caller, match: Json, what: str, body: Json | None = None) -> Json:
    """The match after a step of it."""
    return await members.post(f"/v1/asks/matches/{match['id']}/{what}", body or {}, status=200)


async def state(members: Caller, listing: Json) -> str:
    """Where an ask or an offer is."""
    noun = f"{str(listing['id']).partition('_')[0]}s"
    return str((await members.get(f"/v1/{noun}/{listing['id']}"))["state"])


async def withdraw(members: Caller, listing: Json, tag: str = "*", *, status: int = 200) -> Json:
    """Take an ask or an offer back, at the version that the ETag names."""
    noun = f"{str(listing['id']).partition('_')[0]}s"
    answered = await members.client.post(f"/v1/{noun}/{listing['id']}/withdraw", headers={"If-Match": tag})
    return json_of(answered, status)
