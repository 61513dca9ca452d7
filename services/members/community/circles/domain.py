"""What is done with circles: they are drafted, active and closed; people take terms in them; decisions are logged."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community import people
from services.members.community.circles import models, store
from services.members.community.circles.models import Circle, Decision, State, Term, TermState
from services.members.community.circles.schemas import CircleChanges, NewCircle, NewDecision, NewTerm
from services.members.trust.safeguarding.guard import NotAvailable, may_join
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.community import CircleDecisionRecorded, CircleStateChanged, CircleTermChanged
from shared.ids import new_id


class CircleNotActive(Conflict):
    """Only an active circle takes people in and decides."""

    code = "circle_not_active"
    title = "The circle is not active"


class AlreadyCorrected(Conflict):
    """Another entry corrects this one already; ``corrected_by`` is its id, and that is the one to correct."""

    code = "already_corrected"
    title = "This entry was corrected before"


def draft(session: Session, movement: str, said: NewCircle) -> Circle:
    """Make a circle; it is a draft."""
    at = clock.now()
    circle = Circle(
        movement=movement, id=new_id("circle"), kind=said.kind, name=said.name, purpose=said.purpose,
        state=State.DRAFT, created_at=at, updated_at=at, version=1,
    )  # fmt: skip
    store.add(session, circle)
    _tell_state(session, circle)
    return circle


def read(session: Session, movement: str, circle: str) -> Circle:
    """One circle. Raises NotFound."""
    return _found(store.find(session, movement, circle))


def change(session: Session, movement: str, circle: str, said: CircleChanges, expected: int | None) -> Circle:
    """Change what is said about a circle."""
    found = _held(session, movement, circle, expected)
    for field in said.model_fields_set:
        setattr(found, field, getattr(said, field))
    found.changed(clock.now())
    return found


def activate(session: Session, movement: str, circle: str, expected: int | None) -> Circle:
    """Draft → active."""
    found = _held(session, movement, circle, expected)
    found.activate()
    return _moved(session, found)


def close(session: Session, movement: str, circle: str, expected: int | None) -> Circle:
    """Draft or active → closed. Its terms that are not over end today."""
    found = _held(session, movement, circle, expected)
    found.close()
    at, today = clock.now(), days.today(session, movement)
    for term in store.terms(session, movement, circle, state=None, today=today, after=None, limit=_ALL):
        if term.ended_on is None:
            term.end(today, at)
    return _moved(session, found)


def add_term(session: Session, movement: str, circle: str, said: NewTerm) -> Term:
    """Somebody takes on a role in an active circle, or in one that is being drafted. Raises NotAvailable."""
    found = _found(store.find(session, movement, circle, lock=True))
    if found.state == State.CLOSED:
        raise CircleNotActive(state=found.state)
    person = people.current(session, movement, {"/person": said.person})["/person"]
    if not may_join(session, movement, person, store.people_in(session, movement, circle)):
        raise NotAvailable
    at = clock.now()
    term = Term(
        movement=movement, id=new_id("term"), circle=circle, person=person, role=said.role, first_day=said.since,
        last_day=said.until, ended_on=None, created_at=at, updated_at=at, version=1,
    )  # fmt: skip
    store.add(session, term)
    _tell_term(session, term, "begun")
    return term


def renew_term(
    session: Session, movement: str, circle: str, term: str, until: date | None, expected: int | None
) -> Term:
    """Give a term another last day. Raises Invalid where that lies before its first."""
    found = _held_term(session, movement, circle, term, expected)
    if until is not None and until < found.first_day:
        raise Invalid(faults=[Fault("/until", "lies before the first day", "ends_before_it_begins")])
    found.renew(until, clock.now())
    _tell_term(session, found, "renewed")
    return found


def end_term(session: Session, movement: str, circle: str, term: str, on: date | None, expected: int | None) -> Term:
    """A term is over, from today or an earlier day on."""
    found = _held_term(session, movement, circle, term, expected)
    if on is not None and on > days.today(session, movement):
        raise Invalid(faults=[Fault("/on", "is in the future: set `until` instead", "in_the_future")])
    found.end(on or days.today(session, movement), clock.now())
    _tell_term(session, found, "ended")
    return found


def terms(
    session: Session, movement: str, circle: str, *, state: TermState | None, after: After, limit: int
) -> Sequence[Term]:
    """The terms of a circle, of one state where it is named. Raises NotFound."""
    read(session, movement, circle)
    return store.terms(
        session, movement, circle, state=state, today=days.today(session, movement), after=after, limit=limit
    )


def record_decision(session: Session, movement: str, circle: str, said: NewDecision) -> tuple[Decision, str | None]:
    """Enter a decision in the log of an active circle. A correction may be entered after its closing too."""
    found = _found(store.find(session, movement, circle, lock=True))
    if found.state != State.ACTIVE and (found.state == State.DRAFT or said.corrects is None):
        raise CircleNotActive(state=found.state)
    _refuse_wrong_reference(session, movement, circle, said)
    decision = Decision(
        movement=movement, id=new_id("decision"), circle=circle, decided_on=said.decided_on, what=said.what,
        why=said.why, present=[models.Presence(role=one.role, people=one.people) for one in said.present],
        objections=list(said.objections), corrects=said.corrects, recorded_by=of(session).context.actor,
        recorded_at=clock.now(),
    )  # fmt: skip
    store.add(session, decision)
    outbox.record(session, CircleDecisionRecorded(circle=circle, decision=decision.id, corrects=decision.corrects))
    return decision, None


def decisions(
    session: Session, movement: str, circle: str, *, after: After, limit: int
) -> Sequence[tuple[Decision, str | None]]:
    """The log of a circle. Raises NotFound."""
    read(session, movement, circle)
    return store.decisions(session, movement, circle, after=after, limit=limit)


_ALL = 1_000_000
"""More terms than a circle has."""


def _refuse_wrong_reference(session: Session, movement: str, circle: str, said: NewDecision) -> None:
    if said.decided_on > days.today(session, movement):
        raise Invalid(faults=[Fault("/decided_on", "is in the future", "in_the_future")])
    if said.corrects is None:
        return
    before = store.decisions(session, movement, circle, only=said.corrects)
    if not before:
        raise Invalid(faults=[Fault("/corrects", "is no entry of this circle's log", "unknown_decision")])
    if before[0][1] is not None:
        raise AlreadyCorrected(corrected_by=before[0][1])


def _found(circle: Circle | None) -> Circle:
    if circle is None:
        raise NotFound
    return circle


def _held(session: Session, movement: str, circle: str, expected: int | None) -> Circle:
    """The circle, locked, at the version that the caller read."""
    found = _found(store.find(session, movement, circle, lock=True))
    hold_to(found.version, expected)
    return found


def _held_term(session: Session, movement: str, circle: str, term: str, expected: int | None) -> Term:
    found = store.find_term(session, movement, circle, term)
    if found is None:
        raise NotFound
    hold_to(found.version, expected)
    return found


def _moved(session: Session, circle: Circle) -> Circle:
    circle.changed(clock.now())
    _tell_state(session, circle)
    return circle


def _tell_state(session: Session, circle: Circle) -> None:
    outbox.record(session, CircleStateChanged(circle=circle.id, kind=circle.kind, state=circle.state))


def _tell_term(session: Session, term: Term, step: str) -> None:
    outbox.record(session, CircleTermChanged(circle=term.circle, term=term.id, person=term.person, step=step))
