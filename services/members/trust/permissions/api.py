"""Routes of permissions."""

from fastapi import Response

from services.members.fields import PersonId
from services.members.trust.permissions import domain, leaving_out  # noqa: F401 - it listens to what routes read
from services.members.trust.permissions.schemas import Asked, NewPermission, Permission, Permitting
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import OWN_RECORD

router = Router(prefix="/v1", tags=["Permissions"])
internal = Router(prefix="/internal/permissions", tags=["Permissions"])


@router.get(
    "/people/{person}/permissions", response_model=Page[Permission], **needs("permissions:read", shows=OWN_RECORD)
)
async def list_permissions(person: PersonId, call: Call, paging: Paging) -> Page[Permission]:
    """What a person has decided, the first decision first: for a purpose and a channel the latest one holds."""
    rows = await call.read(domain.decisions, person, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Permission.of, lambda permission: (permission.id,))


@router.post("/people/{person}/permissions", status_code=201, response_model=Permission, **needs("permissions:write"))
async def decide(person: PersonId, body: NewPermission, call: Call) -> Response:
    """Record what a person decides about one purpose over one channel.

    Decisions are never changed, only added to. A refusal ends what was given before, at once and on every path; it is
    always taken. A yes is refused with 422 `no_authority` where whoever says it may not decide for the person and
    `for_the_past` where it is to hold from a past day; with 409 `already_given` where it holds as it is, and
    `withdrawn` after a refusal or a stop that it does not name in `takes_back`.
    """
    return await call.write(domain.decide, person, body, answer=Permission.of)


@internal.post("/asked", response_model=Permitting, **needs("permissions:read"))
async def ask_who_permits(body: Asked, call: Call) -> Permitting:
    """Which of some people permit a use of their data at this moment, for a service that is about to show it.

    Why somebody does not is told to nobody. The ids are those that were sent, also of whoever was merged.
    """
    known, permitting = await call.read(domain.permitting_among, body.people, body.purpose, body.channel)
    return Permitting(known=sorted(known), permitting=sorted(permitting))
