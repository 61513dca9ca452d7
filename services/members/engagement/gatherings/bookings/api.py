"""Routes of bookings: made within their gathering, and reached by their own id from then on."""

from fastapi import Response

from services.members.engagement.gatherings.bookings import domain
from services.members.engagement.gatherings.bookings.models import State
from services.members.engagement.gatherings.bookings.schemas import Booking, BookingChanges, NewBooking
from services.members.engagement.gatherings.bookings.store import Shown
from services.members.engagement.gatherings.fields import BookingId, GatheringId, SlotId
from services.members.fields import PersonId
from services.members.trust.purposes.standard import ADMINISTRATION
from shared.calls import Call
from shared.editing import Expected, tag_of, tagged
from shared.needs import needs
from shared.pages import Page, Paging, UpdatedSince
from shared.routing import Router

router = Router(prefix="/v1", tags=["Gatherings"])

_needs = needs("bookings:write")
_needs["responses"][200] = {"model": Booking, "description": "The same booking again: it was made before."}


@router.post("/gatherings/{gathering}/bookings", status_code=201, response_model=Booking, **_needs)
async def book(gathering: GatheringId, booking: NewBooking, call: Call) -> Response:
    """Book a place in a slot for a person and who comes along; where it is full, they wait in line (`waiting`).

    Repeat it freely: the same booking again answers 200 with the first; one with other companions gets 409
    `already_booked`. 409 `gathering_cancelled`, `gathering_not_open`, `slot_cancelled` or `slot_begun` where nobody can
    book. A child who comes along is counted and never named.
    """

    def status(made: tuple[Shown, bool]) -> int:
        return 201 if made[1] else 200

    answered = await call.write(domain.book, gathering, booking, answer=lambda made: Booking.of(made[0]), status=status)
    return tagged(answered)


@router.get(
    "/gatherings/{gathering}/bookings", response_model=Page[Booking], **needs("bookings:read", shows=ADMINISTRATION)
)
async def list_bookings_of_gathering(
    gathering: GatheringId,
    call: Call,
    paging: Paging,
    slot: SlotId | None = None,
    state: State | None = None,
    updated_since: UpdatedSince = None,
) -> Page[Booking]:
    """The bookings of a gathering, in the order in which they were made: of all slots or one, in all states or one."""
    rows = await call.read(
        domain.of_gathering,
        gathering,
        slot=slot,
        state=state,
        updated_since=updated_since,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(rows, Booking.of, lambda row: (row[0].id,))


@router.get("/bookings", response_model=Page[Booking], **needs("bookings:read", shows=ADMINISTRATION))
async def list_bookings(
    call: Call,
    paging: Paging,
    person: PersonId | None = None,
    state: State | None = None,
    updated_since: UpdatedSince = None,
) -> Page[Booking]:
    """Bookings in the order in which they were made: everybody's, or a person's."""
    rows = await call.read(
        domain.list_bookings,
        person=person,
        state=state,
        updated_since=updated_since,
        after=paging.after,
        limit=paging.fetch,
    )
    return paging.page(rows, Booking.of, lambda row: (row[0].id,))


@router.get("/bookings/{booking}", response_model=Booking, **needs("bookings:read", shows=ADMINISTRATION))
async def read_booking(booking: BookingId, call: Call, response: Response) -> Booking:
    """One booking."""
    found = Booking.of(await call.read(domain.read, booking))
    response.headers["etag"] = tag_of(found.version)
    return found


@router.patch("/bookings/{booking}", response_model=Booking, **needs("bookings:write"))
async def change_booking(booking: BookingId, body: BookingChanges, call: Call, expected: Expected) -> Response:
    """Say who comes along. 409 `no_places` where more would come than there are places left."""
    return tagged(await call.write(domain.change, booking, body, expected, answer=Booking.of))


@router.post("/bookings/{booking}/cancel", response_model=Booking, **needs("bookings:write"))
async def cancel_booking(booking: BookingId, call: Call, expected: Expected) -> Response:
    """Cancel a booking. Its places go to those who wait, in their order, in the same moment."""
    return tagged(await call.write(domain.cancel, booking, expected, answer=Booking.of))
