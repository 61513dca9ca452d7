"""Objecting to a purpose: it is heeded from the first moment, and overridden only with compelling grounds."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.engagement.ladder import guard
from services.members.trust.purposes import store as purposes
from services.members.trust.purposes.models import UNSTOPPED
from services.members.trust.requests.models import Kind, Request, RequestState
from services.members.trust.restrictions import store
from services.members.trust.restrictions.domain import known, not_to_come, request_faults
from services.members.trust.restrictions.models import AlreadyObjected, NothingOverridesThis, Objection, ObjectionState
from services.members.trust.restrictions.schemas import NewObjection, Overriding, Upholding
from shared import clock, outbox
from shared.db.session import of
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.requests import ObjectionDecided, ObjectionRaised
from shared.ids import new_id

LADDER = "ladder"
"""The purpose of saying where somebody stands on the ladder: whoever objects has no place there."""


def object_to(session: Session, movement: str, person: str, said: NewObjection) -> Objection:
    """Object to a purpose. Raises NotFound, AlreadyObjected, and Invalid where the law gives no right to object."""
    person = known(session, movement, person)
    faults = request_faults(session, movement, person, said.request, [Kind.OBJECT])
    if faults := [*faults, *purpose_faults(session, movement, "/purpose", said.purpose)]:
        raise Invalid(faults=faults)
    standing = store.heeded(session, movement, person, said.purpose)
    if standing is not None:
        raise AlreadyObjected(objection=standing.id)
    return raise_objection(session, movement, person, said.purpose, said.request, said.words)


def raise_objection(
    session: Session, movement: str, person: str, purpose: str, request: str | None, words: str | None
) -> Objection:
    """Heed somebody's objection to a purpose from this moment on."""
    objection = Objection(
        movement=movement,
        id=new_id("objection"),
        version=1,
        person=person,
        purpose=purpose,
        request=request,
        words=words,
        state=ObjectionState.CONSIDERED,
        raised_at=clock.now(),
        raised_by=of(session).context.actor,
    )
    session.add(objection)
    outbox.record(session, ObjectionRaised(person=person, objection=objection.id, purpose=purpose))
    if purpose == LADDER:
        guard.object_to(session, movement, person)
    return objection


def uphold(session: Session, movement: str, person: str, id: str, said: Upholding) -> Objection:
    """Heed an objection for good. Raises NotFound, IllegalTransition, Invalid."""
    objection = _held(session, movement, person, id)
    not_to_come(session, movement, said.told_on)
    told_on = said.told_on or days.today(session, movement)
    objection.uphold(told_on, of(session).context.actor, clock.now())
    return _decided(session, movement, objection)


def override(session: Session, movement: str, person: str, id: str, said: Overriding) -> Objection:
    """Go on all the same. Raises NotFound, NothingOverridesThis, IllegalTransition, Invalid."""
    objection = _held(session, movement, person, id)
    not_to_come(session, movement, said.told_on)
    return _override(session, movement, objection, said.why, said.told_on or days.today(session, movement))


def withdraw(session: Session, movement: str, person: str, id: str) -> Objection:
    """Note that somebody no longer objects. Raises NotFound, IllegalTransition."""
    objection = _held(session, movement, person, id)
    objection.withdraw(of(session).context.actor, clock.now())
    return _decided(session, movement, objection)


def objections(session: Session, movement: str, person: str, *, after: After, limit: int) -> Sequence[Objection]:
    """The objections of somebody, in the order in which they were raised. Raises NotFound."""
    return store.objections(session, movement, known(session, movement, person), after=after, limit=limit)


def follow(session: Session, movement: str, request: Request) -> None:
    """Decide what a request objected to and nobody has decided yet, as the request itself was.

    Raises NothingOverridesThis where it was refused and is about direct marketing.
    """
    by, at = of(session).context.actor, clock.now()
    for objection in store.considered_of(session, movement, request.id):
        if request.state == RequestState.REFUSED:
            _override(session, movement, objection, request.outcome or "", request.told_on)
            continue
        if request.state == RequestState.WITHDRAWN:
            objection.withdraw(by, at)
        else:
            objection.uphold(request.told_on, by, at)
        _decided(session, movement, objection)


def purpose_faults(session: Session, movement: str, pointer: str, purpose: str) -> list[Fault]:
    """The fault of a purpose that nobody has the right to object to: UK GDPR, article 21(1) and (2)."""
    rule = purposes.rule(session, movement, purpose)
    if rule.marketing or rule.basis not in UNSTOPPED:
        return []
    return [Fault(pointer, f"rests on {rule.basis}, to which nobody can object", "right_does_not_apply")]


def _override(session: Session, movement: str, objection: Objection, why: str, told_on: date | None) -> Objection:
    if purposes.rule(session, movement, objection.purpose).marketing:
        raise NothingOverridesThis
    objection.override(why, told_on, of(session).context.actor, clock.now())
    return _decided(session, movement, objection)


def _decided(session: Session, movement: str, objection: Objection) -> Objection:
    about = {"person": objection.person, "objection": objection.id, "purpose": objection.purpose}
    outbox.record(session, ObjectionDecided(became=objection.state, **about))
    if objection.purpose == LADDER and objection.ended_at is not None:
        guard.take_back(session, movement, objection.person)
    return objection


def _held(session: Session, movement: str, person: str, id: str) -> Objection:
    found = store.objection_for_change(session, movement, known(session, movement, person), id)
    if found is None:
        raise NotFound
    return found
