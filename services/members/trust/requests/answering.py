"""How a request is answered: acknowledged, put off, refused, completed or withdrawn, or overdue without an answer."""

from sqlalchemy.orm import Session

from services.members import days
from services.members.trust.requests import store
from services.members.trust.requests.models import NotVerified, RequestState
from services.members.trust.requests.periods import Periods
from services.members.trust.requests.schemas import Acknowledgement, NewExtension, NewOutcome, NewRefusal
from services.members.trust.requests.steps import closed, held, shown, told_on_day
from services.members.trust.requests.store import Shown
from services.members.trust.requests.waiting import reckon
from shared import clock, outbox
from shared.db.session import of
from shared.events.members.requests import RequestExtended, RequestOverdue


def acknowledge(session: Session, movement: str, id: str, said: Acknowledgement) -> Shown:
    """Note that whoever asked was told that it came. Raises NotFound, AlreadyAnswered, Invalid."""
    request = held(session, movement, id)
    request.acknowledge(told_on_day(session, movement, request, "/on", said.on), clock.now())
    return shown(session, movement, request)


def extend(session: Session, movement: str, id: str, said: NewExtension, periods: Periods) -> Shown:
    """Put the answer off. Raises NotFound, AlreadyAnswered, AlreadyExtended, TooLateToExtend, Invalid."""
    request = held(session, movement, id)
    told_on = told_on_day(session, movement, request, "/told_on", said.told_on)
    request.extend(said.reason, said.words, told_on, clock.now())
    reckon(session, movement, request, periods)
    outbox.record(session, RequestExtended(request=id, kind=request.kind, due_on=request.due_on.isoformat()))
    return shown(session, movement, request)


def refuse(session: Session, movement: str, id: str, said: NewRefusal) -> Shown:
    """Refuse, with the reason that whoever asked was told. Raises NotFound, IllegalTransition, Invalid."""
    request = held(session, movement, id)
    told_on = told_on_day(session, movement, request, "/told_on", said.told_on)
    on = days.today(session, movement)
    request.refuse(said.ground, said.why, told_on, of(session).context.actor, clock.now(), on)
    return closed(session, movement, request)


def complete(session: Session, movement: str, id: str, said: NewOutcome) -> Shown:
    """Note what was done. Raises NotFound, NotVerified, IllegalTransition, Invalid."""
    request = held(session, movement, id)
    if request.state == RequestState.RECEIVED:
        raise NotVerified
    told_on = told_on_day(session, movement, request, "/told_on", said.told_on)
    request.complete(said.done, said.held_for, told_on, of(session).context.actor, clock.now())
    return closed(session, movement, request)


def withdraw(session: Session, movement: str, id: str) -> Shown:
    """Note that whoever asked no longer asks. Raises NotFound, IllegalTransition."""
    request = held(session, movement, id)
    request.withdraw(days.today(session, movement), of(session).context.actor, clock.now())
    return closed(session, movement, request)


def call_overdue(session: Session, movement: str, slice_of: int) -> bool:
    """Announce the next requests whose last day has passed where the movement is; whether more may have."""
    found = store.overdue(session, movement, days.today(session, movement), slice_of)
    for request in found:
        request.called_overdue = True
        outbox.record(session, RequestOverdue(request=request.id, kind=request.kind, due_on=request.due_on.isoformat()))
    return len(found) == slice_of
