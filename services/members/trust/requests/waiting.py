"""What is asked of the requester, and how the last day for an answer follows from when they answer."""

from sqlalchemy.orm import Session

from services.members import days
from services.members.trust.requests import store
from services.members.trust.requests.conflicts import AlreadyWaiting, NotWaiting
from services.members.trust.requests.models import Request, RequestWait, WaitReason
from services.members.trust.requests.periods import Periods, Wait, due
from services.members.trust.requests.schemas import NewWait, WaitAnswered
from services.members.trust.requests.steps import held, not_to_come, shown, since
from services.members.trust.requests.store import Shown
from shared import clock
from shared.errors import Fault, Invalid
from shared.ids import new_id


def ask_back(session: Session, movement: str, id: str, said: NewWait) -> Shown:
    """Ask something of the requester. Raises NotFound, AlreadyAnswered, AlreadyWaiting, Invalid."""
    request = held(session, movement, id)
    today = days.today(session, movement)
    asked_on = said.asked_on or today
    if faults := since(request, today, "/asked_on", asked_on):
        raise Invalid(faults=faults)
    request.change(clock.now())
    if any(wait.reason == said.reason and wait.answered_on is None for wait in store.waits(session, movement, id)):
        raise AlreadyWaiting
    session.add(
        RequestWait(
            movement=movement,
            id=new_id("wait"),
            request=id,
            reason=said.reason,
            words=said.words,
            asked_on=asked_on,
            answered_on=None,
        )
    )
    return shown(session, movement, request)


def answered(session: Session, movement: str, id: str, said: WaitAnswered, periods: Periods) -> Shown:
    """Note that the requester answered: the period goes on, or with a proof begins. Raises NotWaiting, Invalid."""
    request = held(session, movement, id)
    request.change(clock.now())
    waits = store.waits(session, movement, id)
    waiting = next((wait for wait in waits if wait.reason == said.reason and wait.answered_on is None), None)
    if waiting is None:
        raise NotWaiting
    today = days.today(session, movement)
    answered_on = said.answered_on or today
    faults = not_to_come(today, "/answered_on", answered_on)
    if answered_on < waiting.asked_on:
        faults.append(Fault("/answered_on", "is before it was asked", "before_asked"))
    if faults:
        raise Invalid(faults=faults)
    waiting.answered_on = answered_on
    reckon(session, movement, request, periods)
    return shown(session, movement, request)


def reckon(session: Session, movement: str, request: Request, periods: Periods) -> None:
    """Work out the last day anew, from what was asked and answered and from the extension.

    The period begins with the last proof that was asked for; what was clarified before that counts no more.
    """
    over = [
        (wait.reason, Wait(wait.asked_on, wait.answered_on))
        for wait in store.waits(session, movement, request.id)
        if wait.answered_on is not None
    ]
    proofs = [wait.answered_on for reason, wait in over if reason == WaitReason.PROOF]
    request.begins_on = max([request.received_on, *proofs])
    clarified = [
        wait for reason, wait in over if reason == WaitReason.CLARIFICATION and wait.asked_on >= request.begins_on
    ]
    further = 0 if request.extended_for is None else periods.further_months
    request.first_due_on = due(request.begins_on, periods.months, clarified)
    request.due_on = due(request.begins_on, periods.months + further, clarified)
    if request.due_on >= days.today(session, movement):
        request.called_overdue = False
