"""Routes of protected people: for safeguarding alone."""

from fastapi import Response

from services.members.trust.safeguarding.models import RING
from services.members.trust.safeguarding.protected import domain
from services.members.trust.safeguarding.protected.schemas import (
    NewProtection,
    Protection,
    ProtectionChanges,
    ProtectionId,
)
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import DUTY

router = Router(prefix="/v1", tags=["Safeguarding"])


@router.post(
    "/protected-people",
    status_code=201,
    response_model=Protection,
    **needs("safeguarding:write", user=True, sealed=RING),
)
async def protect(body: NewProtection, call: Call) -> Response:
    """Protect somebody: out of matching, network and lists from now on, and nobody else sees where they are."""
    return tagged(await call.write(domain.protect, body, call.principal.user or "", answer=Protection.of))


@router.get(
    "/protected-people",
    response_model=Page[Protection],
    **needs("safeguarding:read", user=True, sealed=RING, shows=DUTY),
)
async def list_protections(call: Call, paging: Paging, in_force: bool | None = None) -> Page[Protection]:
    """Who is, and was, protected, in the order in which it was recorded."""
    rows = await call.read(domain.list_protections, in_force=in_force, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Protection.of, lambda row: (row.id,))


@router.get(
    "/protected-people/{protection}",
    response_model=Protection,
    **needs("safeguarding:read", user=True, sealed=RING, shows=DUTY),
)
async def get_protection(protection: ProtectionId, call: Call, response: Response) -> Protection:
    """One record, with the reason."""
    row = await call.read_by_key(domain.find, protection)
    response.headers["etag"] = tag_of(row.version)
    return Protection.of(row)


@router.patch(
    "/protected-people/{protection}", response_model=Protection, **needs("safeguarding:write", user=True, sealed=RING)
)
async def change_protection(
    protection: ProtectionId, body: ProtectionChanges, call: Call, expected: Expected
) -> Response:
    """Say the reason otherwise, or look at it again on another day."""
    return tagged(await call.write(domain.change, protection, body, expected, answer=Protection.of))


@router.post(
    "/protected-people/{protection}/end",
    response_model=Protection,
    **needs("safeguarding:write", user=True, sealed=RING),
)
async def stop_protecting(protection: ProtectionId, call: Call) -> Response:
    """Protect them no longer; once more changes nothing."""
    return tagged(await call.write(domain.end, protection, call.principal.user or "", answer=Protection.of))
