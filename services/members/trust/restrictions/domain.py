"""Letting somebody's data rest, and using it again once they were told."""

from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.directory.people import store as people
from services.members.trust.requests import store as requests
from services.members.trust.requests.models import Kind
from services.members.trust.restrictions import store
from services.members.trust.restrictions.models import Restriction
from services.members.trust.restrictions.schemas import Lifting, NewRestriction
from shared import clock, outbox
from shared.db.session import of
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.requests import ProcessingRestricted, RestrictionLifted
from shared.ids import new_id

_ASKED_BY = (Kind.RESTRICT, Kind.RECTIFY, Kind.OBJECT, Kind.ERASE, Kind.COMPLAIN)
"""The requests while which somebody's data may have to rest."""


def restrict(session: Session, movement: str, person: str, said: NewRestriction) -> Restriction:
    """Let somebody's data rest from this moment on. Raises NotFound, Invalid."""
    person = known(session, movement, person)
    if faults := request_faults(session, movement, person, said.request, _ASKED_BY):
        raise Invalid(faults=faults)
    restriction = Restriction(
        movement=movement,
        id=new_id("restriction"),
        version=1,
        person=person,
        ground=said.ground,
        request=said.request,
        why=said.why,
        begun_at=clock.now(),
        begun_by=of(session).context.actor,
    )
    session.add(restriction)
    outbox.record(session, ProcessingRestricted(person=person, restriction=restriction.id, ground=said.ground))
    return restriction


def lift(session: Session, movement: str, person: str, id: str, said: Lifting) -> Restriction:
    """Use somebody's data again, once they were told. Raises NotFound, IllegalTransition, Invalid."""
    restriction = store.restriction_for_change(session, movement, known(session, movement, person), id)
    if restriction is None:
        raise NotFound
    not_to_come(session, movement, said.told_on)
    restriction.lift(said.told_on, said.why, of(session).context.actor, clock.now())
    outbox.record(session, RestrictionLifted(person=restriction.person, restriction=id))
    return restriction


def restrictions(session: Session, movement: str, person: str, *, after: After, limit: int) -> Sequence[Restriction]:
    """The restrictions of somebody, in the order in which they began. Raises NotFound."""
    return store.restrictions(session, movement, known(session, movement, person), after=after, limit=limit)


def known(session: Session, movement: str, person: str) -> str:
    """The id that somebody of the movement has now. Raises NotFound."""
    now = people.present_id(session, movement, person)
    if not people.known(session, movement, [now]):
        raise NotFound
    return now


def request_faults(
    session: Session, movement: str, person: str, request: str | None, kinds: Collection[Kind]
) -> list[Fault]:
    """The fault of a request that is not this person's, or of another kind."""
    if request is None:
        return []
    found = requests.find(session, movement, request)
    if found is not None and found.person == person and found.kind in kinds:
        return []
    return [Fault("/request", "is no request of this person of such a kind", "unknown_request")]


def not_to_come(session: Session, movement: str, told_on: date | None) -> None:
    """Raise Invalid where somebody is to have been told on a day to come."""
    if told_on is not None and told_on > days.today(session, movement):
        raise Invalid(faults=[Fault("/told_on", "is in the future", "in_the_future")])
