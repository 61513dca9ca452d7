"""The steps that tests of agreements begin with."""

from shared.testing.caller import Json
from tests.members.caller import Caller

SIGNED = {
    "kind": "sharing",
    "purposes": ["introductions"],
    "data_classes": ["contact", "attendance"],
    "basis": "legitimate_interests",
    "reference": "DSA-2026-014",
    "signed_on": "2026-01-01",
    "review_on": "2027-01-01",
}
"""An agreement that holds all through 2026; its parties are named by the test."""


async def signed(members: Caller, *parties: str, **other: object) -> Json:
    """An agreement between organisations that was signed."""
    return await members.post("/v1/agreements", SIGNED | {"parties": list(parties)} | other)


async def covered(members: Caller, organisation: str, data_class: str = "contact", **asked: str) -> tuple[bool, str]:
    """Whether an organisation may have a class of data, and why."""
    answer = await members.get("/v1/agreements/coverage", organisation=organisation, data_class=data_class, **asked)
    return answer["covered"], answer["because"]
