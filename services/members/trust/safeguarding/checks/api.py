"""Routes of checks and of what roles may ask: for safeguarding alone."""

from datetime import date
from typing import Annotated

from fastapi import Query, Response

from services.members.fields import PersonId, Slug
from services.members.trust.jurisdictions import Jurisdiction
from services.members.trust.safeguarding.checks import domain, store
from services.members.trust.safeguarding.checks.schemas import (
    Check,
    CheckChanges,
    CheckId,
    NewCheck,
    Role,
    RoleRule,
    Roles,
)
from services.members.trust.safeguarding.models import RING
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import DUTY

router = Router(prefix="/v1", tags=["Safeguarding"])

_READING = needs("safeguarding:read", user=True, sealed=RING, shows=DUTY)
_WRITING = needs("safeguarding:write", user=True, sealed=RING)


@router.get("/checks/roles", response_model=Roles, **_READING)
async def list_check_roles(call: Call) -> Roles:
    """What each role may lawfully ask in each jurisdiction, why, and by which law."""
    return Roles(data=[Role.of(rule) for rule in await call.read(store.rules)])


@router.put("/checks/roles/{role}/{jurisdiction}", response_model=Role, **_WRITING)
async def set_check_role(
    role: Slug, jurisdiction: Jurisdiction, body: RoleRule, call: Call, expected: Expected
) -> Response:
    """Say what a role may ask. 422 `not_eligible` where it asks for more than it may.

    Nobody becomes what its `acts` name without the check that it `asks`: a host of an introduction, a volunteer who is
    introduced, the leader or deputy of a gathering.
    """
    return tagged(await call.write(domain.set_rule, role, jurisdiction, body, expected, answer=Role.of))


@router.post("/checks", status_code=201, response_model=Check, **_WRITING)
async def record_check(body: NewCheck, call: Call) -> Response:
    """Note that a certificate was seen. 422 `not_eligible` for one that the role may not ask for: destroy your copy."""
    return tagged(await call.write(domain.record, body, call.principal.user or "", answer=Check.of))


@router.get("/checks", response_model=Page[Check], **_READING)
async def list_checks(
    call: Call,
    paging: Paging,
    person: PersonId | None = None,
    role: Slug | None = None,
    due_by: Annotated[date | None, Query(description="those that are due again by this day")] = None,
) -> Page[Check]:
    """Checks in the order in which they were recorded."""
    rows = await call.read(
        domain.list_checks, person=person, role=role, due_by=due_by, after=paging.after, limit=paging.fetch
    )
    return paging.page(rows, Check.of, lambda row: (row.id,))


@router.get("/checks/{check}", response_model=Check, **_READING)
async def get_check(check: CheckId, call: Call, response: Response) -> Check:
    """One check."""
    row = await call.read_by_key(domain.find, check)
    response.headers["etag"] = tag_of(row.version)
    return Check.of(row)


@router.patch("/checks/{check}", response_model=Check, **_WRITING)
async def change_check(check: CheckId, body: CheckChanges, call: Call, expected: Expected) -> Response:
    """Say when it is due again."""
    return tagged(await call.write(domain.change, check, body, expected, answer=Check.of))


@router.post("/checks/{check}/end", response_model=Check, **_WRITING)
async def end_check(check: CheckId, call: Call) -> Response:
    """It counts no longer. What they were made before stands, and is for you to end."""
    return tagged(await call.write(domain.end, check, answer=Check.of))
