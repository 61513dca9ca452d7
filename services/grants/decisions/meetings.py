"""The panel's meeting: who sat, who left the room for which application, and what forbids deciding after it."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from services.grants.decisions import domain, store
from services.grants.decisions.models import (
    ConflictedInTheRoom,
    Decision,
    Departure,
    Meeting,
    NoMeeting,
    NoQuorum,
    NotAPanel,
    Panellist,
    ShownMeeting,
)
from services.grants.decisions.schemas import NewMeeting
from services.grants.people import store as people
from services.grants.reviews import store as reviews
from services.grants.reviews.models import ReviewState
from services.grants.rounds.rules import DecisionMode
from shared import clock
from shared.auth import Principal
from shared.errors import Fault, Invalid, NotFound
from shared.lifecycle import IllegalTransition


def write_down(session: Session, movement: str, decision_id: str, caller: Principal, said: NewMeeting) -> ShownMeeting:
    """Write the meeting down, in place of what was written before; not once the decision is made."""
    decision = domain.for_decider(session, movement, decision_id, caller)
    if decision.mode != DecisionMode.PANEL:
        raise NotAPanel
    if decision.ended_at is not None:
        raise IllegalTransition(f"the decision is {decision.state}", state=decision.state)
    if faults := _faults(session, decision, said):
        raise Invalid(faults=faults)
    store.forget_meeting(session, movement, decision.id)
    of = {"movement": movement, "decision_id": decision.id}
    store.add(session, Meeting(**of, held_on=said.held_on, minute=said.minute))
    session.flush()
    store.add(session, *(Panellist(**of, person=each) for each in said.present))
    store.add(session, *(Departure(**of, application_id=each.application, person=each.person) for each in said.left))
    session.flush()
    decision.changed(clock.now())
    return read(session, movement, decision.id)


def read(session: Session, movement: str, decision_id: str) -> ShownMeeting:
    """The meeting about a decision, or NotFound."""
    found = store.meeting(session, movement, decision_id)
    if found is None:
        raise NotFound("no meeting about such a decision is written down")
    present = store.panellists(session, movement, decision_id)
    return ShownMeeting(found, present, store.departures(session, movement, decision_id))


def check_room(session: Session, movement: str, decision: Decision, quorum: int, decided: Collection[str]) -> None:
    """Whether enough of the panel was in the room for each of these applications, and nobody with an interest in it.

    Raises NoMeeting, NoQuorum and ConflictedInTheRoom.
    """
    if store.meeting(session, movement, decision.id) is None:
        raise NoMeeting
    left = {(each.application_id, each.person) for each in store.departures(session, movement, decision.id)}
    present = store.panellists(session, movement, decision.id)
    for application in sorted(decided):
        if sum((application, person) not in left for person in present) < max(quorum, 1):
            raise NoQuorum("too few of the panel were in the room", application=application)
    for person in present:
        ids = people.every_id(session, movement, person)
        for review in reviews.of_people(session, movement, ids, decided):
            if review.state == ReviewState.CONFLICTED and (review.application_id, person) not in left:
                raise ConflictedInTheRoom(application=review.application_id)


def _faults(session: Session, decision: Decision, said: NewMeeting) -> list[Fault]:
    faults = []
    if len(set(said.present)) < len(said.present):
        faults.append(Fault("/present", "somebody is named twice", "duplicate"))
    stands = {each.application_id for each in store.candidates(session, decision.movement, decision.id)}
    seen = set()
    for number, each in enumerate(said.left):
        if each.person not in said.present:
            faults.append(Fault(f"/left/{number}/person", "did not sit", "not_present"))
        if each.application not in stands:
            faults.append(Fault(f"/left/{number}/application", "is not in this decision", "unknown_application"))
        if (each.person, each.application) in seen:
            faults.append(Fault(f"/left/{number}", "is said twice", "duplicate"))
        seen.add((each.person, each.application))
    return faults
