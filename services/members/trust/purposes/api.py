"""Routes of purposes."""

from typing import Annotated

from fastapi import Path, Response

from services.members.trust.purposes import domain
from services.members.trust.purposes.schemas import NewPurpose, Purpose, PurposeChanges, Purposes
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.routing import Router

router = Router(prefix="/v1", tags=["Purposes"])

Key = Annotated[str, Path(max_length=200, description="the purpose's own word, such as `news`")]


@router.get("/purposes", response_model=Purposes, **needs("purposes:read"))
async def list_purposes(call: Call) -> Purposes:
    """What personal data is used for: all that the movement has entered, and the software's own purposes besides.

    `settled` is false for one of the software's own until it is entered under the same key: its basis is then assumed.
    """
    return Purposes.of(await call.read(domain.every))


@router.get("/purposes/{key}", response_model=Purpose, **needs("purposes:read"))
async def read_purpose(key: Key, call: Call, response: Response) -> Purpose:
    """One purpose."""
    found = Purpose.of(await call.read_by_key(domain.read, key))
    if found.version is not None:
        response.headers["etag"] = tag_of(found.version)
    return found


@router.post("/purposes", status_code=201, response_model=Purpose, **needs("purposes:write"))
async def enter_purpose(body: NewPurpose, call: Call) -> Response:
    """Enter a purpose with its lawful basis. Until then every use for a purpose of the movement's own needs a yes.

    422 `assessment_missing` for a legitimate interest without its assessment, `further_condition_missing` for special
    categories without one.
    """
    by_yes_alone = call.parts.settings.marketing_by_yes_alone
    return tagged(await call.write(domain.enter, body, by_yes_alone, answer=Purpose.of))


@router.patch("/purposes/{key}", response_model=Purpose, **needs("purposes:write"))
async def change_purpose(key: Key, body: PurposeChanges, call: Call, expected: Expected) -> Response:
    """Change the fields that are sent. What people decided stays; what is permitted follows at once."""
    by_yes_alone = call.parts.settings.marketing_by_yes_alone
    return tagged(await call.write(domain.change, key, body, expected, by_yes_alone, answer=Purpose.of))


@router.post("/purposes/{key}/retire", response_model=Purpose, **needs("purposes:write"))
async def retire_purpose(key: Key, call: Call, expected: Expected) -> Response:
    """Let nothing be permitted for a purpose any more, once and for all."""
    return tagged(await call.write(domain.retire, key, expected, answer=Purpose.of))
