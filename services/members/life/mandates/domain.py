"""The verbs of mandates: noted, reviewed by partners, ended before their time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.directory.organisations import store as organisations
from services.members.life.mandates import store
from services.members.life.mandates.models import (
    Mandate,
    MandateGiver,
    MandateOverlaps,
    MandateReview,
    ReviewedAlready,
)
from services.members.life.mandates.schemas import MandateEnding, NewMandate, NewReview
from services.members.life.mandates.store import Chosen
from services.members.named import named, organisation_now
from shared import clock, outbox
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.life import MandateEnded, MandateGiven, MandateReviewed
from shared.ids import new_id


class Standing(NamedTuple):
    """A mandate, and the day on which it is looked at."""

    mandate: Mandate
    today: date


def give(session: Session, movement: str, said: NewMandate) -> Standing:
    """Note a mandate. Raises Invalid, MandateOverlaps."""
    places = {"/organisation": said.organisation} | {
        f"/chosen_by/{place}": giver for place, giver in enumerate(said.chosen_by)
    }
    found = named(session, movement, organisations=places)
    if found.faults:
        raise Invalid(faults=found.faults)
    organisation, at = found.ids["/organisation"], clock.now()
    organisations.for_change(session, movement, organisation)  # two mandates of one body come one after the other
    earlier = store.meeting(session, movement, organisation, said.starts_on, said.ends_on)
    if earlier is not None:
        raise MandateOverlaps(mandate=earlier)
    mandate = Mandate(
        movement=movement,
        id=new_id("mandate"),
        version=1,
        organisation=organisation,
        remit=said.remit,
        way=said.way,
        decided_by=said.decided_by,
        starts_on=said.starts_on,
        ends_on=said.ends_on,
        created_at=at,
        updated_at=at,
    )
    session.add(mandate)
    session.flush()  # who gave it refers to it
    givers = {id_ for place, id_ in found.ids.items() if place != "/organisation"}
    session.add_all(MandateGiver(movement=movement, mandate=mandate.id, organisation=giver) for giver in givers)
    outbox.record(session, MandateGiven(mandate=mandate.id, organisation=organisation))
    return read(session, movement, mandate.id)


def review(session: Session, movement: str, id: str, said: NewReview) -> Standing:
    """Note what a partner makes of a year of the mandate. Raises NotFound, Invalid, ReviewedAlready."""
    mandate, today = _held(session, movement, id), days.today(session, movement)
    found = named(session, movement, organisations={"/organisation": said.organisation})
    on = said.on or min(today, mandate.ends_on)
    faults = found.faults
    if on > today:
        faults = [*faults, Fault("/on", "is still to come", "in_the_future")]
    if not mandate.starts_on <= on <= mandate.ends_on:
        faults = [*faults, Fault("/on", "is not a day of the mandate", "outside")]
    if faults:
        raise Invalid(faults=faults)
    organisation, year = found.ids["/organisation"], mandate.year_of(min(on, _last_day(mandate)))
    for earlier in mandate.reviews:
        if (earlier.organisation, earlier.year) == (organisation, year):
            raise ReviewedAlready(review=earlier.id)
    given = MandateReview(
        movement=movement,
        id=new_id("review"),
        mandate=id,
        organisation=organisation,
        year=year,
        verdict=said.verdict,
        words=said.words,
        given_on=today,
    )
    session.add(given)
    mandate.changed(clock.now())
    outbox.record(session, MandateReviewed(mandate=id, review=given.id, verdict=said.verdict))
    return read(session, movement, id)


def end(session: Session, movement: str, id: str, said: MandateEnding) -> Standing:
    """End a mandate before its time. Raises NotFound, EndedAlready, Invalid."""
    mandate = _held(session, movement, id)
    on = said.on or days.today(session, movement)
    if on <= mandate.starts_on:
        raise Invalid(faults=[Fault("/on", "is not after the day on which it begins", "before_start")])
    mandate.end(on, said.why, clock.now())
    outbox.record(session, MandateEnded(mandate=id))
    return read(session, movement, id)


def list_mandates(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Standing]:
    """Mandates in the order in which they were noted; of an organisation by any id that it ever had."""
    today = days.today(session, movement)
    chosen = replace(chosen, organisation=organisation_now(session, movement, chosen.organisation))
    rows = store.list_mandates(session, movement, chosen=chosen, after=after, limit=limit)
    return [Standing(row, today) for row in rows]


def read(session: Session, movement: str, id: str) -> Standing:
    """One mandate. Raises NotFound."""
    session.flush()
    return Standing(_found(store.find(session, movement, id)), days.today(session, movement))


def _last_day(mandate: Mandate) -> date:
    return date.fromordinal(mandate.ends_on.toordinal() - 1)


def _held(session: Session, movement: str, id: str) -> Mandate:
    return _found(store.find(session, movement, id, locked=True))


def _found(mandate: Mandate | None) -> Mandate:
    if mandate is None:
        raise NotFound
    return mandate
