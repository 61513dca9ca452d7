"""Routes of the times of a gathering."""

from datetime import timedelta

from fastapi import Response

from services.members.engagement.gatherings.fields import GatheringId, Moment, SlotId
from services.members.engagement.gatherings.slots import domain, store
from services.members.engagement.gatherings.slots.schemas import NewSeries, NewSlot, Series, SeriesId, Slot, SlotChanges
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router

router = Router(prefix="/v1/gatherings/{gathering}", tags=["Gatherings"])


@router.post("/slots", status_code=201, response_model=Slot, **needs("gatherings:write"))
async def add_slot(gathering: GatheringId, slot: NewSlot, call: Call) -> Response:
    """Give a gathering one more time, on the clock of the movement's zone. Once it is published it can be booked."""
    return tagged(await call.write(domain.add, gathering, slot, answer=Slot.of))


@router.get("/slots", response_model=Page[Slot], **needs("gatherings:read"))
async def list_slots(
    gathering: GatheringId,
    call: Call,
    paging: Paging,
    starts_from: Moment | None = None,
    starts_before: Moment | None = None,
) -> Page[Slot]:
    """The times of a gathering, the earliest first."""
    rows = await call.read(
        domain.list_slots,
        gathering,
        starts_from=starts_from,
        starts_before=starts_before,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(rows, Slot.of, store.position)


@router.get("/slots/{slot}", response_model=Slot, **needs("gatherings:read"))
async def read_slot(gathering: GatheringId, slot: SlotId, call: Call, response: Response) -> Slot:
    """One time of a gathering."""
    found = Slot.of(await call.read_by_key(domain.read, gathering, slot))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch("/slots/{slot}", response_model=Slot, **needs("gatherings:write"))
async def change_slot(
    gathering: GatheringId, slot: SlotId, body: SlotChanges, call: Call, expected: Expected
) -> Response:
    """Move a slot, give it another capacity, or say how many came.

    Where it grows, those who wait move up at once, in their order. 409 `capacity_below_booked` where more places are
    booked than it would hold. A head-count (`"bound": "="` or `"≥"`) is taken once it has begun: 409 `not_begun`.
    """
    return tagged(await call.write(domain.change, gathering, slot, body, expected, answer=Slot.of))


@router.post("/slots/{slot}/cancel", response_model=Slot, **needs("gatherings:write"))
async def cancel_slot(gathering: GatheringId, slot: SlotId, call: Call, expected: Expected) -> Response:
    """Open → cancelled: this one time does not take place. Who booked it is listed as before."""
    return tagged(await call.write(domain.cancel, gathering, slot, expected, answer=Slot.of))


@router.post("/series", status_code=201, response_model=Series, **needs("gatherings:write"))
async def add_series(gathering: GatheringId, series: NewSeries, call: Call) -> Response:
    """Let a gathering come again by a rule, on the clock of the movement's zone: at 12:00 in summer and in winter.

    Slots are made so many days ahead as `BACKBONE_SLOTS_AHEAD_DAYS` says, and more as time goes on.
    """
    ahead = timedelta(days=call.parts.settings.slots_ahead_days)
    return tagged(await call.write(domain.add_series, gathering, series, ahead, answer=Series.of))


@router.get("/series", response_model=Page[Series], **needs("gatherings:read"))
async def list_series(gathering: GatheringId, call: Call, paging: Paging) -> Page[Series]:
    """The rules by which a gathering comes again, those that ended too."""
    rows = await call.read(domain.list_series, gathering, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Series.of, lambda row: (row.id,))


@router.post("/series/{series}/end", response_model=Series, **needs("gatherings:write"))
async def end_series(gathering: GatheringId, series: SeriesId, call: Call, expected: Expected) -> Response:
    """Make no more slots by a rule. The slots that there are stay."""
    return tagged(await call.write(domain.end_series, gathering, series, expected, answer=Series.of))
