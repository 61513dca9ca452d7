"""Routes of restrictions and objections."""

from fastapi import Response

from services.members.fields import PersonId
from services.members.trust.restrictions import domain, objecting
from services.members.trust.restrictions.schemas import (
    Lifting,
    NewObjection,
    NewRestriction,
    Objection,
    ObjectionId,
    Overriding,
    Restriction,
    RestrictionId,
    Upholding,
)
from shared.calls import Call
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import OWN_RECORD

router = Router(prefix="/v1/people/{person}", tags=["Requests"])


@router.post("/restrictions", status_code=201, response_model=Restriction, **needs("requests:write"))
async def restrict_processing(person: PersonId, body: NewRestriction, call: Call) -> Response:
    """Let somebody's data rest: it is stored, and no path shows, sends or counts on it until this is lifted.

    What the law demands and what saves lives goes on, and what they say yes to from now on.
    """
    return await call.write(domain.restrict, person, body, answer=Restriction.of)


@router.get("/restrictions", response_model=Page[Restriction], **needs("requests:read", shows=OWN_RECORD))
async def list_restrictions(person: PersonId, call: Call, paging: Paging) -> Page[Restriction]:
    """The restrictions of somebody, those that were lifted too."""
    rows = await call.read(domain.restrictions, person, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Restriction.of, lambda row: (row.id,))


@router.post("/restrictions/{restriction}/lift", response_model=Restriction, **needs("requests:write"))
async def lift_restriction(person: PersonId, restriction: RestrictionId, body: Lifting, call: Call) -> Response:
    """Use somebody's data again. They are told first: `told_on` is the day on which they were."""
    return await call.write(domain.lift, person, restriction, body, answer=Restriction.of)


@router.post("/objections", status_code=201, response_model=Objection, **needs("requests:write"))
async def object_to_purpose(person: PersonId, body: NewObjection, call: Call) -> Response:
    """Object to one purpose: it is heeded at once, while it is considered too.

    422 `right_does_not_apply` where the purpose rests on a contract, a legal obligation or vital interests. Whoever
    objects to `ladder` has no place on it. 409 `already_objected`.
    """
    return await call.write(objecting.object_to, person, body, answer=Objection.of)


@router.get("/objections", response_model=Page[Objection], **needs("requests:read", shows=OWN_RECORD))
async def list_objections(person: PersonId, call: Call, paging: Paging) -> Page[Objection]:
    """The objections of somebody, those that ended too."""
    rows = await call.read(objecting.objections, person, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Objection.of, lambda row: (row.id,))


@router.post("/objections/{objection}/uphold", response_model=Objection, **needs("requests:write"))
async def uphold_objection(person: PersonId, objection: ObjectionId, body: Upholding, call: Call) -> Response:
    """Heed an objection for good."""
    return await call.write(objecting.uphold, person, objection, body, answer=Objection.of)


@router.post("/objections/{objection}/override", response_model=Objection, **needs("requests:write"))
async def override_objection(person: PersonId, objection: ObjectionId, body: Overriding, call: Call) -> Response:
    """Go on all the same, with the compelling grounds that the person was told.

    409 `nothing_overrides_this` for direct marketing.
    """
    return await call.write(objecting.override, person, objection, body, answer=Objection.of)


@router.post("/objections/{objection}/withdraw", response_model=Objection, **needs("requests:write"))
async def withdraw_objection(person: PersonId, objection: ObjectionId, call: Call) -> Response:
    """Note that somebody no longer objects."""
    return await call.write(objecting.withdraw, person, objection, answer=Objection.of)
