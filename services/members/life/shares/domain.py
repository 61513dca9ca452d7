"""Summing up who has what part of a movement on a day."""

from collections import Counter
from datetime import date
from fractions import Fraction

from dateutil.relativedelta import relativedelta
from sqlalchemy.orm import Session

from services.members import days
from services.members.life.mandates.models import Way
from services.members.life.shares import reckoning, store
from services.members.life.shares.reckoning import Part, Places, Seat
from services.members.life.shares.schemas import Backbone, Hours, Shares, Whole
from services.members.life.staff_time.models import Work
from shared.errors import Fault, Invalid

_UNLESS_SAID = relativedelta(years=1)
"""How far back decisions are looked at where nobody says since when."""


def sum_up(session: Session, movement: str, since: date | None, on: date | None) -> Shares:
    """Who has what part on a day, today unless one is named. Raises Invalid."""
    day = on or days.today(session, movement)
    begin = since or day - _UNLESS_SAID
    if begin >= day:
        raise Invalid(faults=[Fault("?since", "is not before the day that is looked at", "before_start")])
    every = store.seats(session, movement, active=False)
    places = store.places(session, movement, {seat.person for seat in every})
    backbones, time = _backbones(session, movement, day), store.staff_time(session, movement, day)
    decisions = reckoning.of_decisions(store.decisions(session, movement, begin, day), every, places)
    return Shares(
        since=begin,
        on=day,
        backbones=backbones,
        agenda=Whole.of(_agenda(session, movement, day)),
        decisions=Whole.of(reckoning.shared_out(decisions)),
        roles=Whole.of(_roles(store.seats(session, movement, active=True), places, day)),
        programmes=Whole.of(
            reckoning.shared_out(([lead], Fraction(1)) for lead in store.leads(session, movement, day))
        ),
        staff_time=Whole.of(reckoning.shared_out(([whose], Fraction(minutes, 60)) for whose, _, minutes in time)),
        time_of_backbones=_own_time(time, {backbone.organisation for backbone in backbones}),
    )


def _agenda(session: Session, movement: str, day: date) -> list[Part]:
    held = store.agenda_of(session, movement, day)
    if held is None:
        return []
    agenda, published_on = held
    shapers = store.shapers(session, movement, agenda)
    places = store.places(session, movement, {person for person, _ in shapers if person is not None})
    return reckoning.shared_out(
        ([organisation] if person is None else reckoning.speaking_for(places, person, published_on), Fraction(1))
        for person, organisation in shapers
    )


def _roles(seats: list[Seat], places: Places, day: date) -> list[Part]:
    return reckoning.shared_out(reckoning.of_seats(seats, places, day))


def _backbones(session: Session, movement: str, day: date) -> list[Backbone]:
    return [
        Backbone(
            mandate=mandate,
            organisation=organisation,
            way=Way(way),
            chosen_by=list(store.givers(session, movement, mandate)),
            decided_by=decided_by,
        )
        for mandate, organisation, way, decided_by in store.mandates(session, movement, day)
    ]


def _own_time(time: list[tuple[str, str, int]], backbones: set[str]) -> list[Hours]:
    given: Counter[str] = Counter()
    for whose, work, minutes in time:
        if whose in backbones:
            given[work] += minutes
    return [Hours(work=work, hours=given[work] / 60) for work in Work if given[work]]
