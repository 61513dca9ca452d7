"""What shares are reckoned from: columns alone, so that nobody is loaded who would have to be left out of an answer."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from services.members.community.circles.models import Circle, Decision, State, Term
from services.members.community.programmes.models import Programme
from services.members.directory.affiliations.models import Affiliation
from services.members.life.agenda.models import Agenda, AgendaShaper
from services.members.life.mandates.models import Mandate, MandateGiver
from services.members.life.shares.reckoning import Place, Seat
from services.members.life.staff_time.models import StaffTime
from services.members.life.staff_time.store import given_on

_SLICE = 500
"""Ids in one statement."""

_shapers, _terms, _places = AgendaShaper.__table__.c, Term.__table__.c, Affiliation.__table__.c


def agenda_of(session: Session, movement: str, on: date) -> tuple[str, date] | None:
    """The version of the agenda that held on a day, and when it was published."""
    query = sa.select(Agenda.id, Agenda.published_on).where(Agenda.movement == movement, Agenda.published_on <= on)
    held = query.where(Agenda.withdrawn_on.is_(None) | (Agenda.withdrawn_on > on))
    row = session.execute(held.order_by(Agenda.number.desc()).limit(1)).first()
    return None if row is None or row.published_on is None else (row.id, row.published_on)


def shapers(session: Session, movement: str, agenda: str) -> Sequence[tuple[str | None, str | None]]:
    """Who shaped a version: a person or an organisation each."""
    query = sa.select(_shapers.person, _shapers.organisation)
    rows = session.execute(query.where(_shapers.movement == movement, _shapers.agenda == agenda))
    return [(row.person, row.organisation) for row in rows]


def seats(session: Session, movement: str, *, active: bool) -> list[Seat]:
    """Every seat that there ever was in a circle; only of those that are active now, where that is wanted.

    A term whose last day has passed and that nobody ended is held on still.
    """
    query = sa.select(_terms.circle, _terms.person, _terms.first_day, _terms.ended_on)
    query = query.where(_terms.movement == movement)
    if active:
        live = sa.select(Circle.id).where(Circle.movement == movement, Circle.state == State.ACTIVE)
        query = query.where(_terms.circle.in_(live))
    return [Seat(*row) for row in session.execute(query)]


def decisions(session: Session, movement: str, since: date, on: date) -> list[tuple[str, date]]:
    """The circle and the day of each decision after ``since`` until ``on`` that no later one corrects."""
    further = aliased(Decision)
    corrected = sa.exists().where(further.movement == Decision.movement, further.corrects == Decision.id)
    query = sa.select(Decision.circle, Decision.decided_on).where(Decision.movement == movement, ~corrected)
    rows = session.execute(query.where(Decision.decided_on > since, Decision.decided_on <= on))
    return [(row.circle, row.decided_on) for row in rows]


def places(session: Session, movement: str, people: Collection[str]) -> dict[str, list[Place]]:
    """The places that these people have or had in organisations."""
    query = sa.select(_places.person, _places.organisation, _places.started_on, _places.ended_on)
    found: defaultdict[str, list[Place]] = defaultdict(list)
    wanted = sorted(people)
    for at in range(0, len(wanted), _SLICE):
        some = query.where(_places.movement == movement, _places.person.in_(wanted[at : at + _SLICE]))
        for person, *place in session.execute(some):
            found[person].append(Place(*place))
    return found


def leads(session: Session, movement: str, on: date) -> Sequence[str]:
    """Who leads each programme that there is on a day."""
    query = sa.select(Programme.lead).where(Programme.movement == movement)
    begun = query.where(Programme.starts_on.is_(None) | (Programme.starts_on <= on))
    return session.scalars(begun.where(Programme.ended_on.is_(None) | (Programme.ended_on > on))).all()


def staff_time(session: Session, movement: str, on: date) -> list[tuple[str, str, int]]:
    """Whose staff give how many minutes a week to what, on a day."""
    query = sa.select(StaffTime.organisation, StaffTime.work, StaffTime.minutes)
    rows = session.execute(query.where(StaffTime.movement == movement, given_on(on)))
    return [(row.organisation, row.work, row.minutes) for row in rows]


def mandates(session: Session, movement: str, on: date) -> list[tuple[str, str, str, str | None]]:
    """The mandates that hold on a day: id, organisation, how it came to it, and who else chose it."""
    query = sa.select(Mandate.id, Mandate.organisation, Mandate.way, Mandate.decided_by)
    held = query.where(Mandate.movement == movement, Mandate.starts_on <= on, Mandate.ends_on > on)
    return [(row[0], row[1], row[2], row[3]) for row in session.execute(held.order_by(Mandate.id))]


def givers(session: Session, movement: str, mandate: str) -> Sequence[str]:
    """The organisations that chose a backbone by a mandate."""
    query = sa.select(MandateGiver.organisation).where(
        MandateGiver.movement == movement, MandateGiver.mandate == mandate
    )
    return session.scalars(query.order_by(MandateGiver.organisation)).all()
