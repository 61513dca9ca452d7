"""Parting two people who are kept apart from now on: whoever gives way leaves what both are expected at.

What is over stays as it was. It uses the ordinary verbs, so that what follows from leaving follows here as well, and
tells no more than any other leaving.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.community.circles import domain as circles
from services.members.community.circles.models import Term
from services.members.directory.people.store import current
from services.members.engagement.gatherings import company
from services.members.engagement.gatherings.bookings import domain as bookings
from services.members.engagement.gatherings.bookings.models import Booking, BookingCompanion, State
from services.members.engagement.gatherings.safety.models import SafetyPlan
from services.members.engagement.gatherings.slots.models import Slot
from services.members.life.exchange import ending as exchange
from services.members.life.learning import places as learning
from services.members.trust.safeguarding import store
from services.members.trust.safeguarding.keep_apart.store import KIND, TABLE
from shared import clock


def part(session: Session, movement: str, stays: str, gives_way: str) -> None:
    """Let one of two people leave every slot to come, every lead and every circle that the other is in."""
    for booking in _bookings_of(session, movement, gives_way):
        if stays in company.of_slot(session, movement, booking.gathering, booking.slot):
            bookings.cancel(session, movement, booking.id, None)
    _step_down(session, movement, stays, gives_way)
    theirs = {term.circle for term in _terms_of(session, movement, stays)}
    for term in _terms_of(session, movement, gives_way):
        if term.circle in theirs:
            circles.end_term(session, movement, term.circle, term.id, None, None)
    exchange.part(session, movement, stays, gives_way)
    learning.part(session, movement, stays, gives_way)


def part_again(session: Session, movement: str, person: str) -> None:
    """Part somebody from everybody whom they are kept from, now that they are where another record of them was."""
    pairs = [pair for pair in store.about(session, movement, TABLE, KIND, person) if pair.in_force]
    now = current(session, movement, {each for pair in pairs for each in pair.people()}) if pairs else {}
    for pair in pairs:
        if now[pair.person] != now[pair.other]:
            part(session, movement, stays=now[pair.person], gives_way=now[pair.other])


def _bookings_of(session: Session, movement: str, person: str) -> list[Booking]:
    """The live bookings, of slots that are not over, that a person made or comes along by."""
    along = sa.select(BookingCompanion.booking).where(
        BookingCompanion.movement == movement, BookingCompanion.person == person
    )
    query = (
        sa.select(Booking)
        .join(Slot, sa.and_(Slot.movement == Booking.movement, Slot.id == Booking.slot))
        .where(Booking.movement == movement, Booking.state != State.CANCELLED, Slot.ends_at > clock.now())
        .where(sa.or_(Booking.person == person, Booking.id.in_(along)))
    )
    return list(session.scalars(query.order_by(Booking.id)))


def _step_down(session: Session, movement: str, stays: str, gives_way: str) -> None:
    query = sa.select(SafetyPlan).where(
        SafetyPlan.movement == movement, sa.or_(SafetyPlan.leader == gives_way, SafetyPlan.deputy == gives_way)
    )
    for plan in session.scalars(query.with_for_update()).all():
        there = company.of_gathering(session, movement, plan.gathering) | {plan.leader, plan.deputy}
        if stays in there:
            plan.leader = None if plan.leader == gives_way else plan.leader
            plan.deputy = None if plan.deputy == gives_way else plan.deputy
            plan.version, plan.updated_at = plan.version + 1, clock.now()
    session.flush()


def _terms_of(session: Session, movement: str, person: str) -> list[Term]:
    query = sa.select(Term).where(Term.movement == movement, Term.person == person, Term.ended_on.is_(None))
    return list(session.scalars(query.order_by(Term.id)))
