"""Every SQL statement about requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.trust.erasures.store import by_requests
from services.members.trust.requests.models import OPEN, Kind, Request, RequestState, RequestWait


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which requests are wanted; None where it does not matter. ``due_by`` are open ones due on that day or before."""

    person: str | None = None
    kind: Kind | None = None
    state: RequestState | None = None
    open: bool | None = None
    due_by: date | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A request, what was asked of the requester, and the id of the erasure that answers it."""

    request: Request
    waits: Sequence[RequestWait]
    erasure: str | None = None


def find(session: Session, movement: str, request: str) -> Request | None:
    """One request."""
    return session.get(Request, (movement, request))


def for_change(session: Session, movement: str, request: str) -> Request | None:
    """One request, locked until the transaction ends."""
    return session.get(Request, (movement, request), with_for_update=True)


def list_requests(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> list[Shown]:
    """Requests in the order in which they were taken down, those after ``after`` first."""
    query = sa.select(Request).where(Request.movement == movement)
    for column, wanted in (
        (Request.person, chosen.person),
        (Request.kind, chosen.kind),
        (Request.state, chosen.state),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    if chosen.open is not None:
        query = query.where(Request.state.in_(OPEN) if chosen.open else Request.state.not_in(OPEN))
    if chosen.due_by is not None:
        query = query.where(Request.state.in_(OPEN), Request.due_on <= chosen.due_by)
    if chosen.updated_since is not None:
        query = query.where(Request.updated_at >= chosen.updated_since)
    return shown(session, movement, session.scalars(page(query, Request.id, after, limit)).all())


def shown(session: Session, movement: str, requests: Sequence[Request]) -> list[Shown]:
    """Requests with what was asked back in each, and what answers it: a statement each for all of them."""
    ids = [request.id for request in requests]
    query = sa.select(RequestWait).where(RequestWait.movement == movement, RequestWait.request.in_(ids))
    asked: dict[str, list[RequestWait]] = {}
    for wait in session.scalars(query.order_by(RequestWait.id)):
        asked.setdefault(wait.request, []).append(wait)
    erasing = by_requests(session, movement, ids)
    return [Shown(request, asked.get(request.id, []), erasing.get(request.id)) for request in requests]


def waits(session: Session, movement: str, request: str) -> Sequence[RequestWait]:
    """What was asked of the requester, in the order in which it was asked."""
    query = sa.select(RequestWait).where(RequestWait.movement == movement, RequestWait.request == request)
    return session.scalars(query.order_by(RequestWait.id)).all()


def movements_with_overdue(session: Session, today: date) -> Sequence[str]:
    """The movements in which a request is overdue on a day and was not called so yet."""
    query = sa.select(Request.movement).where(Request.state.in_(OPEN), Request.due_on < today, ~Request.called_overdue)
    return session.scalars(query.distinct()).all()


def overdue(session: Session, movement: str, today: date, limit: int) -> Sequence[Request]:
    """Requests of the movement that are overdue and were not called so yet, locked."""
    query = sa.select(Request).where(
        Request.movement == movement, Request.state.in_(OPEN), Request.due_on < today, ~Request.called_overdue
    )
    return session.scalars(query.order_by(Request.id).limit(limit).with_for_update()).all()
