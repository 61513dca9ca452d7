"""What tests of voices begin with: something that somebody said, and a theme of such."""

from shared.testing.caller import Json
from tests.members.caller import Caller

NO_BUS = "There is no bus after six, so I cannot come to the evening walk."
NO_BUS_EITHER = "No buses in the evening. I can't get home from the walking group."
GARDEN = "I would love a garden group for people on their own."
GARDEN_TOO = "A garden group near the docks for whoever is alone."
CARERS = "My husband has dementia and nobody tells us what is on."


async def said(members: Caller, words: str = NO_BUS, **other: object) -> Json:
    """Something that somebody said."""
    return await members.post("/v1/voices", {"kind": "barrier", "words": words, **other})


async def wished(members: Caller, **other: object) -> Json:
    """A wish for a garden in Matson, unless it is said otherwise."""
    return await said(members, GARDEN, **{"kind": "wish", "place": "Matson", **other})


async def themed(members: Caller, *voices: str, slug: str = "evening_buses") -> str:
    """The id of a theme that somebody confirmed of these voices (none: of one that is raised for it)."""
    of = voices or ((await said(members))["id"],)
    body = {"slug": slug, "name": slug.replace("_", " ").capitalize(), "voices": list(of)}
    return str((await members.post("/v1/voices/themes", body))["id"])
