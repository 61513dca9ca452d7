"""Who is where together: everybody who has a place in a slot, waits for one, comes along, leads it or steps in.

Asked of the bare tables: whom a route leaves out of what it shows is still there for whoever is kept apart from them.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.engagement.gatherings.bookings.models import Booking, BookingCompanion, State
from services.members.engagement.gatherings.safety.models import SafetyPlan
from services.members.engagement.gatherings.slots.models import Slot
from shared import clock

_bookings, _companions = Booking.__table__, BookingCompanion.__table__
_plans, _slots = SafetyPlan.__table__, Slot.__table__


def of_slot(session: Session, movement: str, gathering: str, slot: str) -> set[str]:
    """Whoever is expected at a slot, by the ids that they have now."""
    return _booked(session, movement, _bookings.c.slot == slot) | leading(session, movement, gathering)


def of_gathering(session: Session, movement: str, gathering: str) -> set[str]:
    """Whoever is expected at any slot of a gathering that is not over, but for those who lead it."""
    to_come = sa.select(_slots.c.id).where(
        _slots.c.movement == movement, _slots.c.gathering == gathering, _slots.c.ends_at > clock.now()
    )
    return _booked(session, movement, _bookings.c.slot.in_(to_come))


def leading(session: Session, movement: str, gathering: str) -> set[str]:
    """Who leads a gathering, and who steps in."""
    query = sa.select(_plans.c.leader, _plans.c.deputy).where(
        _plans.c.movement == movement, _plans.c.gathering == gathering
    )
    return {person for row in session.execute(query) for person in row if person is not None}


def _booked(session: Session, movement: str, where: sa.ColumnElement[bool]) -> set[str]:
    live = (_bookings.c.movement == movement, _bookings.c.state != State.CANCELLED, where)
    along = (
        sa.select(_companions.c.person)
        .join(
            _bookings,
            sa.and_(_bookings.c.movement == _companions.c.movement, _bookings.c.id == _companions.c.booking),
        )
        .where(*live, _companions.c.person.is_not(None))
    )
    return {*session.scalars(sa.select(_bookings.c.person).where(*live)), *session.scalars(along)}
