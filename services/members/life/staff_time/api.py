"""Routes of staff time."""

from datetime import date

from fastapi import Response

from services.members.fields import OrganisationId
from services.members.life.staff_time import domain
from services.members.life.staff_time.models import Work
from services.members.life.staff_time.schemas import (
    NewStaffTime,
    StaffTimeChanges,
    StaffTimeEnding,
    StaffTimeId,
    StaffTimeShown,
)
from services.members.life.staff_time.store import Chosen
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1/staff-time", tags=["Common agenda"])


@router.post("", status_code=201, response_model=StaffTimeShown, **needs("agenda:write"))
async def note_staff_time(body: NewStaffTime, call: Call) -> Response:
    """Note how many hours a week an organisation's staff give, and to what: a backbone is not staffed as business as
    usual, and partners lend it people."""
    return tagged(await call.write(domain.note, body, answer=StaffTimeShown.of))


@router.get("", response_model=Page[StaffTimeShown], **needs("agenda:read"))
async def list_staff_time(
    call: Call,
    paging: Paging,
    organisation: OrganisationId | None = None,
    work: Work | None = None,
    on: date | None = None,
    updated_since: UpdatedSince = None,
) -> Page[StaffTimeShown]:
    """Staff time in the order in which it was noted, perhaps what is given `on` a day."""
    chosen = Chosen(organisation, work, on, updated_since)
    rows = await call.read(domain.list_time, chosen=chosen, after=paging.after, limit=paging.fetch)
    return paging.page(rows, StaffTimeShown.of, lambda time: (time.id,))


@router.get("/{staff_time}", response_model=StaffTimeShown, **needs("agenda:read"))
async def read_staff_time(staff_time: StaffTimeId, call: Call, response: Response) -> StaffTimeShown:
    """One."""
    shown = StaffTimeShown.of(await call.read(domain.read, staff_time))
    response.headers["etag"] = tag_of(shown.version)
    return shown


@router.patch("/{staff_time}", response_model=StaffTimeShown, **needs("agenda:write"))
async def correct_staff_time(
    staff_time: StaffTimeId, body: StaffTimeChanges, call: Call, expected: Expected
) -> Response:
    """Correct what was noted by mistake."""
    return tagged(await call.write(domain.correct, staff_time, body, expected, answer=StaffTimeShown.of))


@router.post("/{staff_time}/end", response_model=StaffTimeShown, **needs("agenda:write"))
async def end_staff_time(staff_time: StaffTimeId, body: StaffTimeEnding, call: Call) -> Response:
    """Note from which day on it is given no longer (409 `ended_already`)."""
    return tagged(await call.write(domain.end, staff_time, body.on, answer=StaffTimeShown.of))
