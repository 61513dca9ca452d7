"""The verbs of nominations: given, answered by the nominee, withdrawn by the giver, expired. None moves a rung."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.directory.people import store as people
from services.members.engagement.ladder import guard
from services.members.engagement.ladder import store as ladder_store
from services.members.engagement.nominations import store
from services.members.engagement.nominations.models import Nomination, NominationState
from services.members.engagement.nominations.schemas import NewNomination
from services.members.engagement.nominations.store import Chosen
from services.members.named import by_present_ids, named
from shared import clock, outbox
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.nominations import (
    NominationAccepted,
    NominationDeclined,
    NominationExpired,
    NominationGiven,
    NominationWithdrawn,
)
from shared.ids import new_id

Ended = type[NominationAccepted] | type[NominationDeclined] | type[NominationWithdrawn]


class NotNominated(Conflict):
    """Nobody nominates a child, a resident, a connector's client, or who wants no place. It is not said which."""

    code = "not_nominated"
    title = "This person is not nominated"


class AlreadyGiven(Conflict):
    """One giver affirms one nominee once at a time."""

    code = "already_given"
    title = "This person's nomination of that one stands already"


class Affirmations(NamedTuple):
    """Who is affirmed, by how many other people today, and each nomination that stands."""

    person: str
    affirmed_by: int
    nominations: Sequence[Nomination]


def give(session: Session, movement: str, said: NewNomination, holds: timedelta) -> Nomination:
    """Affirm somebody else as a champion for so long. Raises Invalid, NotNominated, AlreadyGiven."""
    found = named(session, movement, people={"/nominee": said.nominee, "/giver": said.giver})
    if found.faults:
        raise Invalid(faults=found.faults)
    nominee, giver = found.ids["/nominee"], found.ids["/giver"]
    if nominee == giver:
        raise Invalid(faults=[Fault("/giver", "nobody nominates themself", "own_nomination")])
    ladder_store.for_change(session, movement, {nominee, giver})  # of two at once, the second sees the first
    if not guard.on_ladder(session, movement, nominee):
        raise NotNominated
    at, today = clock.now(), days.today(session, movement)
    if store.stands(session, movement, giver, nominee, today):
        raise AlreadyGiven
    nomination = Nomination(
        movement=movement,
        id=new_id("nomination"),
        version=1,
        nominee=nominee,
        giver=giver,
        words=said.words,
        state=NominationState.GIVEN,
        expires_on=today + holds,
        given_at=at,
        updated_at=at,
    )
    session.add(nomination)
    outbox.record(session, NominationGiven(nomination=nomination.id, nominee=nominee))
    return nomination


def accept(session: Session, movement: str, id: str) -> Nomination:
    """The nominee is glad of it. Raises NotFound, IllegalTransition."""
    return _step(session, movement, id, Nomination.accept, NominationAccepted)


def decline(session: Session, movement: str, id: str) -> Nomination:
    """The nominee would rather not. Raises NotFound, IllegalTransition."""
    return _step(session, movement, id, Nomination.decline, NominationDeclined)


def withdraw(session: Session, movement: str, id: str) -> Nomination:
    """The giver takes it back. Raises NotFound, IllegalTransition."""
    return _step(session, movement, id, Nomination.withdraw, NominationWithdrawn)


def expire(session: Session, movement: str, slice_of: int) -> bool:
    """End the next nominations whose last day has passed where the movement is; whether more may have."""
    found = store.expired(session, movement, days.today(session, movement), slice_of)
    at = clock.now()
    for nomination in found:
        nomination.expire(at)
        outbox.record(session, NominationExpired(nomination=nomination.id, nominee=nomination.nominee))
    return len(found) == slice_of


def affirmations(session: Session, movement: str, person: str) -> Affirmations:
    """What others affirm of somebody today. Raises NotFound."""
    person = people.present_id(session, movement, person)
    if not people.known(session, movement, [person]):
        raise NotFound
    affirmed_by = store.affirmed_by(session, movement, person, days.today(session, movement))
    return Affirmations(person, affirmed_by, store.live_of(session, movement, person))


def list_nominations(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Nomination]:
    """Nominations in the order in which they were given; of somebody by any id that they ever had."""
    chosen = by_present_ids(session, movement, chosen, people=("nominee", "giver"))
    return store.list_nominations(session, movement, chosen=chosen, after=after, limit=limit)


def read(session: Session, movement: str, id: str) -> Nomination:
    """One nomination. Raises NotFound."""
    return _found(store.find(session, movement, id))


def _step(
    session: Session, movement: str, id: str, step: Callable[[Nomination, datetime], None], told: Ended
) -> Nomination:
    nomination = _found(store.for_change(session, movement, id))
    step(nomination, clock.now())
    outbox.record(session, told(nomination=id, nominee=nomination.nominee))
    return nomination


def _found(nomination: Nomination | None) -> Nomination:
    if nomination is None:
        raise NotFound
    return nomination
