"""How a request is answered: acknowledged, put off, refused, completed or withdrawn, or overdue without an answer."""

from sqlalchemy.orm import Session

from services.members import days
from services.members.trust.erasures import store as erasures
from services.members.trust.erasures.models import Refused
from services.members.trust.erasures.models import State as ErasureState
from services.members.trust.requests import store
from services.members.trust.requests.conflicts import ErasureUnderWay, NotVerified
from services.members.trust.requests.models import RequestState
from services.members.trust.requests.periods import Periods
from services.members.trust.requests.schemas import Acknowledgement, NewExtension, NewOutcome, NewRefusal, Told
from services.members.trust.requests.steps import closed, held, shown, told_on_day
from services.members.trust.requests.store import Shown
from services.members.trust.requests.waiting import reckon
from shared import clock, outbox
from shared.db.session import of
from shared.events.members.erasures import ErasureEnded
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
    _end_erasure(session, movement, id, Refused.REQUEST_REFUSED)
    request.refuse(said.ground, said.why, told_on, of(session).context.actor, clock.now(), on)
    return closed(session, movement, request)


def complete(session: Session, movement: str, id: str, said: NewOutcome) -> Shown:
    """Note what was done. Raises NotFound, NotVerified, ErasureUnderWay, IllegalTransition, Invalid."""
    request = held(session, movement, id)
    if request.state == RequestState.RECEIVED:
        raise NotVerified
    told_on = told_on_day(session, movement, request, "/told_on", said.told_on)
    if (erasure := erasures.live_by(session, movement, id)) is not None:
        raise ErasureUnderWay(erasure=erasure.id)
    by = of(session).context.actor
    request.complete(said.done, said.held_for, told_on, by, clock.now(), told_on=told_on)
    return closed(session, movement, request)


def withdraw(session: Session, movement: str, id: str) -> Shown:
    """Note that whoever asked no longer asks. Raises NotFound, IllegalTransition."""
    request = held(session, movement, id)
    _end_erasure(session, movement, id, Refused.WITHDRAWN)
    request.withdraw(days.today(session, movement), of(session).context.actor, clock.now())
    return closed(session, movement, request)


def note_told(session: Session, movement: str, id: str, said: Told) -> Shown:
    """Note that whoever asked was told of an answer that came about by itself. Raises NotFound, NothingToTell."""
    request = held(session, movement, id)
    request.tell(told_on_day(session, movement, request, "/on", said.on), clock.now())
    return shown(session, movement, request)


def call_overdue(session: Session, movement: str, slice_of: int) -> bool:
    """Announce the next requests whose last day has passed where the movement is; whether more may have."""
    found = store.overdue(session, movement, days.today(session, movement), slice_of)
    for request in found:
        request.called_overdue = True
        outbox.record(session, RequestOverdue(request=request.id, kind=request.kind, due_on=request.due_on.isoformat()))
    return len(found) == slice_of


def _end_erasure(session: Session, movement: str, request: str, because: Refused) -> None:
    """Let the erasure that the request asked for end with it. Raises ErasureUnderWay once it has begun."""
    erasure = erasures.live_by(session, movement, request, lock=True)
    if erasure is None:
        return
    if erasure.state == ErasureState.IN_PROGRESS:
        raise ErasureUnderWay("it has begun and can only be finished", erasure=erasure.id)
    erasure.refuse(because, clock.now())
    outbox.record(session, ErasureEnded(erasure=erasure.id, outcome=erasure.state))
