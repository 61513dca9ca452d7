"""Routes of attendances."""

from collections.abc import Sequence

from fastapi import Response

from services.members.engagement.gatherings.attendances import domain
from services.members.engagement.gatherings.attendances.models import Role, Status
from services.members.engagement.gatherings.attendances.schemas import (
    Attendance,
    AttendanceChanges,
    AttendanceId,
    Attendances,
    Expected,
    OneOrMany,
    Turnout,
)
from services.members.engagement.gatherings.attendances.store import Line, Tally
from services.members.engagement.gatherings.fields import GatheringId, SlotId
from services.members.engagement.gatherings.slots.models import Slot as SlotRow
from services.members.engagement.gatherings.slots.schemas import Slot
from services.members.fields import PersonId
from services.members.trust.purposes.standard import ADMINISTRATION
from shared import editing
from shared.calls import Call
from shared.editing import tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1", tags=["Gatherings"])


@router.post(
    "/gatherings/{gathering}/attendances",
    status_code=201,
    response_model=Attendance | Attendances,
    **needs("attendances:write"),
)
async def record_attendance(gathering: GatheringId, said: OneOrMany, call: Call) -> Response:
    """Say who came to a slot: one, or a list of up to 200, all of them or none. A list answers `{"data": […]}`.

    Walk-ins need no booking: a person, somebody new (`sign_up`), or so many without a name (`nameless`). Coming counts
    for the ladder as `attended`, `led` or `hosted`. The same again changes nothing; 409 `attendance_recorded` where
    something else was said before, and 409 `not_begun` before the slot begins.
    """
    if isinstance(said, list):
        return await call.write(domain.record_many, gathering, said, answer=Attendances.of)
    return await call.write(domain.record_one, gathering, said, answer=Attendance.of)


@router.get(
    "/gatherings/{gathering}/attendances",
    response_model=Page[Attendance],
    **needs("attendances:read", shows=ADMINISTRATION),
)
async def list_attendances_of_gathering(
    gathering: GatheringId,
    call: Call,
    paging: Paging,
    slot: SlotId | None = None,
    updated_since: UpdatedSince = None,
) -> Page[Attendance]:
    """What has been said about who came to a gathering, in the order in which it was."""
    rows = await call.read(
        domain.list_attendances,
        gathering,
        slot=slot,
        updated_since=updated_since,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(rows, Attendance.of, lambda row: (row.id,))


@router.get("/attendances", response_model=Page[Attendance], **needs("attendances:read", shows=ADMINISTRATION))
async def list_attendances(
    call: Call, paging: Paging, person: PersonId | None = None, updated_since: UpdatedSince = None
) -> Page[Attendance]:
    """What has been said about who came, of everybody or of one person."""
    rows = await call.read(
        domain.list_attendances,
        None,
        person=person,
        updated_since=updated_since,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(rows, Attendance.of, lambda row: (row.id,))


@router.get("/attendances/{attendance}", response_model=Attendance, **needs("attendances:read", shows=ADMINISTRATION))
async def read_attendance(attendance: AttendanceId, call: Call, response: Response) -> Attendance:
    """One attendance."""
    found = Attendance.of(await call.read_by_key(domain.read, attendance))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch("/attendances/{attendance}", response_model=Attendance, **needs("attendances:write"))
async def correct_attendance(
    attendance: AttendanceId, body: AttendanceChanges, call: Call, expected: editing.Expected
) -> Response:
    """Correct what was said. What counted for the ladder is voided, and what is true now counts in its place."""
    return tagged(await call.write(domain.correct, attendance, body, expected, answer=Attendance.of))


@router.get(
    "/gatherings/{gathering}/slots/{slot}/register",
    response_model=Page[Expected],
    **needs("attendances:read", shows=ADMINISTRATION),
)
async def read_register(gathering: GatheringId, slot: SlotId, call: Call, paging: Paging) -> Page[Expected]:
    """A slot's register: who came or did not, and who booked and of whom nothing has been said (`unknown`)."""
    rows = await call.read(domain.register, gathering, slot, paging.after, paging.fetch)
    return paging.page(rows, _line, lambda row: (row.id,))


@router.get("/gatherings/{gathering}/slots/{slot}/turnout", response_model=Turnout, **needs("attendances:read"))
async def read_turnout(gathering: GatheringId, slot: SlotId, call: Call) -> Turnout:
    """A slot in numbers. Nobody is taken to be absent because nothing was said of them."""
    return _turnout(*await call.read(domain.turnout, gathering, slot))


def _line(line: Line) -> Expected:
    return Expected(
        person=line.person, people=line.people, status=Status(line.status), role=Role(line.role),
        booking=line.booking, attendance=line.attendance,
    )  # fmt: skip


def _turnout(slot: SlotRow, tallies: Sequence[Tally]) -> Turnout:
    came = [tally for tally in tallies if tally.status == Status.ATTENDED]
    return Turnout(
        slot=slot.id,
        booked=slot.booked,
        attended=sum(tally.people for tally in came),
        attended_without_booking=sum(tally.people for tally in came if not tally.booked),
        attended_without_name=sum(tally.people for tally in came if not tally.named),
        absent=sum(tally.people for tally in tallies if tally.status == Status.ABSENT),
        unknown=sum(tally.people for tally in tallies if tally.status == Status.UNKNOWN),
        head_count=Slot.of(slot).head_count,
    )
