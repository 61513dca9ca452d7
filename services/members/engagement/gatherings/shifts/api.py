"""Routes of shifts, of when people can come, and of what fits whom."""

from fastapi import Response

from services.members.engagement.gatherings.fields import GatheringId
from services.members.engagement.gatherings.shifts import domain, store
from services.members.engagement.gatherings.shifts.schemas import (
    Availability,
    FittingSlots,
    GatheringFit,
    NewAvailability,
    NewShift,
    Shift,
    ShiftId,
)
from services.members.fields import PersonId
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging
from shared.routing import Router
from shared.uses import OWN_RECORD

router = Router(prefix="/v1", tags=["Gatherings"])


@router.post("/shifts", status_code=201, response_model=Shift, **needs("shifts:write"))
async def add_shift(shift: NewShift, call: Call) -> Response:
    """Enter a pattern of work that comes again, such as a shift of a hospital's porters."""
    return tagged(await call.write(domain.add_shift, shift, answer=Shift.of))


@router.get("/shifts", response_model=Page[Shift], **needs("shifts:read"))
async def list_shifts(call: Call, paging: Paging) -> Page[Shift]:
    """The patterns of work."""
    rows = await call.read(store.list_shifts, after=paging.after, limit=paging.fetch)
    return paging.page(rows, Shift.of, lambda row: (row.id,))


@router.get("/shifts/{shift}", response_model=Shift, **needs("shifts:read"))
async def read_shift(shift: ShiftId, call: Call, response: Response) -> Shift:
    """One pattern of work."""
    found = Shift.of(await call.read_by_key(domain.shift, shift))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.put("/shifts/{shift}", response_model=Shift, **needs("shifts:write"))
async def replace_shift(shift: ShiftId, body: NewShift, call: Call, expected: Expected) -> Response:
    """Say anew what a pattern of work is."""
    return tagged(await call.write(domain.change_shift, shift, body, expected, answer=Shift.of))


@router.get(
    "/people/{person}/availability", response_model=Availability, **needs("availability:read", shows=OWN_RECORD)
)
async def read_availability(person: PersonId, call: Call, response: Response) -> Availability:
    """When a person can come, as they say."""
    found = await call.read(domain.availability, person)
    response.headers["etag"] = tag_of(found.version)
    return found


@router.put("/people/{person}/availability", response_model=Availability, **needs("availability:write"))
async def say_availability(person: PersonId, body: NewAvailability, call: Call, expected: Expected) -> Response:
    """Say when a person can come: not while they work their shift, and in the times that they name, if any."""
    return tagged(await call.write(domain.say, person, body, expected, answer=Availability.of))


@router.get("/people/{person}/fitting-slots", response_model=FittingSlots, **needs("availability:read"))
async def list_fitting_slots(person: PersonId, call: Call) -> FittingSlots:
    """The next 100 slots of what is published: which of them a person can come to, and why not to the others."""
    return await call.read(domain.fitting_slots, person)


@router.get("/gatherings/{gathering}/fit", response_model=GatheringFit, **needs("gatherings:read"))
async def read_fit(gathering: GatheringId, call: Call) -> GatheringFit:
    """Which shifts a gathering's next 100 slots fit and which they leave out, saying when those are at work."""
    return await call.read(domain.fit, gathering)
