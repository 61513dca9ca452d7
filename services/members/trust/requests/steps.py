"""What every verb of requests begins and ends with: the request held, its days checked, its end announced."""

from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.trust.requests import store
from services.members.trust.requests.authority import why_not
from services.members.trust.requests.models import RefusalGround, Request
from services.members.trust.requests.store import Shown
from services.members.trust.restrictions import objecting
from shared import clock, outbox
from shared.db.session import of
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.requests import RequestClosed


def held(session: Session, movement: str, id: str) -> Request:
    """The request, locked. Raises NotFound."""
    request = store.for_change(session, movement, id)
    if request is None:
        raise NotFound
    return request


def shown(session: Session, movement: str, request: Request) -> Shown:
    """The request as it is shown, with what was asked of the requester."""
    session.flush()
    return store.shown(session, movement, [request])[0]


def closed(session: Session, movement: str, request: Request) -> Shown:
    """Let what follows from the end of a request happen, and announce what became of it."""
    objecting.follow(session, movement, request)
    outbox.record(
        session,
        RequestClosed(
            request=request.id, kind=request.kind, became=request.state, refused_for=request.refused_for,
            person=request.person,
        ),
    )  # fmt: skip
    return shown(session, movement, request)


def refuse_without_authority(session: Session, movement: str, request: Request) -> bool:
    """Refuse a request that is made for somebody else without authority; whether it was."""
    why = why_not(session, movement, request.person, request.behalf_authority)
    if why is None:
        return False
    today = days.today(session, movement)
    request.refuse(RefusalGround.NO_AUTHORITY, why, None, of(session).context.actor, clock.now(), today)
    closed(session, movement, request)
    return True


def told_on_day(session: Session, movement: str, request: Request, pointer: str, on: date | None) -> date:
    """The day on which whoever asked was told: today unless another was named. Raises Invalid."""
    today = days.today(session, movement)
    if faults := since(request, today, pointer, on or today):
        raise Invalid(faults=faults)
    return on or today


def since(request: Request, today: date, pointer: str, on: date) -> list[Fault]:
    """The fault of a day that is to come, or is before the request came."""
    faults = not_to_come(today, pointer, on)
    if on < request.received_on:
        faults.append(Fault(pointer, "is before the request came", "before_received"))
    return faults


def not_to_come(today: date, pointer: str, on: date) -> list[Fault]:
    """The fault of a day that is to come."""
    return [Fault(pointer, "is in the future", "in_the_future")] if on > today else []
