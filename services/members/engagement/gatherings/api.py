"""Routes of gatherings themselves."""

from fastapi import Response

from services.members.engagement.gatherings import domain, store
from services.members.engagement.gatherings.fields import GatheringId
from services.members.engagement.gatherings.models import Kind, State
from services.members.engagement.gatherings.schemas import Cancellation, Gathering, GatheringChanges, NewGathering
from shared.calls import Call, CallOf
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1", tags=["Gatherings"])


@router.post("/gatherings", status_code=201, response_model=Gathering, **needs("gatherings:write"))
async def draft_gathering(gathering: NewGathering, call: Call) -> Response:
    """Draft a gathering. Nobody can book it, and no feed shows it, before it is published."""
    return tagged(await call.write(domain.draft, gathering, answer=Gathering.of))


@router.get("/gatherings", response_model=Page[Gathering], **needs("gatherings:read"))
async def list_gatherings(
    call: Call,
    paging: Paging,
    kind: Kind | None = None,
    state: State | None = None,
    updated_since: UpdatedSince = None,
) -> Page[Gathering]:
    """Gatherings in the order in which they were drafted."""
    rows = await call.read(
        store.list_gatherings,
        kind=kind,
        state=state,
        updated_since=updated_since,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(rows, Gathering.of if _may_edit(call) else Gathering.for_readers, lambda row: (row.id,))


@router.get("/gatherings/{gathering}", response_model=Gathering, **needs("gatherings:read"))
async def read_gathering(gathering: GatheringId, call: Call, response: Response) -> Gathering:
    """One gathering."""
    found = await call.read_by_key(domain.read, gathering)
    response.headers["etag"] = tag_of(found.version)
    return Gathering.of(found) if _may_edit(call) else Gathering.for_readers(found)


@router.patch("/gatherings/{gathering}", response_model=Gathering, **needs("gatherings:write"))
async def change_gathering(gathering: GatheringId, body: GatheringChanges, call: Call, expected: Expected) -> Response:
    """Change what is said about a gathering; calendars and feeds that show it follow."""
    return tagged(await call.write(domain.change, gathering, body, expected, answer=Gathering.of))


@router.post("/gatherings/{gathering}/publish", response_model=Gathering, **needs("gatherings:write"))
async def publish_gathering(gathering: GatheringId, call: Call, expected: Expected) -> Response:
    """Draft → published. 409 `not_ready` where it has no slot, or neither a place nor an online address."""
    return tagged(await call.write(domain.publish, gathering, expected, answer=Gathering.of))


@router.post("/gatherings/{gathering}/hold", response_model=Gathering, **needs("gatherings:write"))
async def hold_gathering(gathering: GatheringId, call: Call, expected: Expected) -> Response:
    """Published → held, once all of its slots have begun; 409 `slots_to_come` before."""
    return tagged(await call.write(domain.hold, gathering, expected, answer=Gathering.of))


@router.post("/gatherings/{gathering}/cancel", response_model=Gathering, **needs("gatherings:write"))
async def cancel_gathering(gathering: GatheringId, body: Cancellation, call: Call, expected: Expected) -> Response:
    """Draft or published → cancelled, with all of its slots. Calendars show it as cancelled, and nobody can book it."""
    return tagged(await call.write(domain.cancel, gathering, body.because, expected, answer=Gathering.of))


def _may_edit(call: CallOf) -> bool:
    return call.principal.may("gatherings:write")
