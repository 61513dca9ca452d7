"""Routes of movements: a platform key opens workspaces and lists them; nobody else sees that there are others."""

from fastapi import Depends, Response

from services.gateway.access.callers import last_seen, platform_only
from services.gateway.access.movements import domain, store
from services.gateway.access.movements.schemas import Movement, MovementChanges, MovementId, NewMovement
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(tags=["access"], dependencies=[Depends(platform_only)])


@router.post("/v1/movements", status_code=201, response_model=Movement, **needs("movements:write"))
async def create_movement(body: NewMovement, call: Call) -> Response:
    """Open a workspace for a movement. Platform keys only."""
    # The caller's own movement, which every verb of a call is given, plays no part in the making of another.
    return await call.write(
        lambda session, _: domain.create_movement(session, name=body.name, slug=body.slug, time_zone=body.time_zone),
        answer=Movement.of,
    )


@router.get("/v1/movements", response_model=Page[Movement], **needs("movements:read"))
async def list_movements(call: Call, paging: Paging) -> Page[Movement]:
    """Every movement of the suite. Platform keys only."""
    rows = await call.bound.read(store.page, last_seen(paging), paging.fetch)
    return paging.page(rows, Movement.of, lambda row: (row.id,))


@router.get("/v1/movements/{movement}", response_model=Movement, **needs("movements:read"))
async def get_movement(movement: MovementId, call: Call, response: Response) -> Movement:
    """One movement. Platform keys only."""
    found = Movement.of(await call.bound.read_by_key(domain.get_movement, movement))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch("/v1/movements/{movement}", response_model=Movement, **needs("movements:write"))
async def change_movement(movement: MovementId, body: MovementChanges, call: Call, expected: Expected) -> Response:
    """Rename a movement, or move it to another time zone. Platform keys only.

    The other services hear of a new zone within moments. What was reckoned in the old one stays as it was: activities
    keep their days, and the slots of gatherings their instants.
    """
    answered = await call.write(
        lambda session, _: domain.change_movement(
            session, movement, name=body.name, time_zone=body.time_zone, expected=expected
        ),
        answer=Movement.of,
    )
    return tagged(answered)
