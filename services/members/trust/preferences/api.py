"""Routes of preferences."""

from fastapi import Response

from services.members.fields import PersonId
from services.members.trust.preferences import domain
from services.members.trust.preferences.schemas import NewDecisions, Preferences
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router
from shared.uses import OWN_RECORD

router = Router(prefix="/v1", tags=["Permissions"])


@router.get("/preferences/{person}", response_model=Preferences, **needs("permissions:read", shows=OWN_RECORD))
async def read_preferences(person: PersonId, call: Call) -> Preferences:
    """What a person allows now: for each purpose and channel whether it is permitted, and why.

    It is the same answer that every list, feed and sender goes by.
    """
    return Preferences.of(await call.read(domain.read, person))


@router.post("/preferences/{person}", response_model=Preferences, **needs("permissions:write"))
async def decide_several(person: PersonId, body: NewDecisions, call: Call) -> Response:
    """Take several decisions of a person at once, or none: a problem names each that cannot be, by its pointer."""
    return await call.write(domain.decide, person, body.decisions, answer=Preferences.of)
