"""Routes of disclosure profiles."""

from fastapi import Response

from services.measures.disclosure import domain
from services.measures.disclosure.schemas import NewProfile, Profile, Profiles
from shared.calls import Call
from shared.needs import needs
from shared.routing import Router

router = Router(tags=["releases"])


@router.post("/v1/disclosure-profiles", status_code=201, response_model=Profile, **needs("releases:write"))
async def enter_disclosure_profile(body: NewProfile, call: Call) -> Response:
    """Enter the next version of a rule by which counts are kept from telling: a standard one's, or one of our own.

    Releases that were made by an earlier version stay as they are.
    """
    return await call.write(domain.enter, body, answer=Profile.of)


@router.get("/v1/disclosure-profiles", response_model=Profiles, **needs("releases:read"))
async def list_disclosure_profiles(call: Call) -> Profiles:
    """Every version of every profile, the standard ones first, each with its source."""
    return Profiles(data=[Profile.of(rule) for rule in await call.read(domain.list_profiles)])


@router.get("/v1/disclosure-profiles/{key}", response_model=Profiles, **needs("releases:read"))
async def read_disclosure_profile(key: str, call: Call) -> Profiles:
    """Every version of one profile, by its number; what names the profile follows the last."""
    return Profiles(data=[Profile.of(rule) for rule in await call.read(domain.versions, key)])
