"""The waiting list: whoever came first moves up first, in the transaction in which a place comes free."""

from sqlalchemy.orm import Session

from services.members.engagement.gatherings.bookings import store
from services.members.engagement.gatherings.bookings.models import Booking
from services.members.engagement.gatherings.slots.models import Slot, State
from shared import clock, outbox
from shared.events.members.gatherings import BookingChanged


def move_up(session: Session, movement: str, slot: Slot) -> None:
    """Give the free places of a slot, which is locked, to those who wait, in their order.

    Nobody overtakes: where the first in line needs more places than are free, everybody behind them waits as well.
    """
    at = clock.now()
    if slot.state == State.CANCELLED or slot.starts_at <= at:
        return
    while first := store.in_line(session, movement, slot.id, 1):
        (booking,) = first
        if not slot.has_room_for(booking.places):
            return
        booking.move_up(at)
        slot.booked += booking.places
        tell(session, booking)


def tell(session: Session, booking: Booking) -> None:
    """Announce where a booking stands."""
    changed = BookingChanged(
        booking=booking.id, gathering=booking.gathering, slot=booking.slot, person=booking.person,
        state=booking.state, places=booking.places,
    )  # fmt: skip
    outbox.record(session, changed)
