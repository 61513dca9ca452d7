"""The verbs of requests until they are answered: taken down, corrected, verified, and found again."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.named import named, person_now
from services.members.trust.requests import store
from services.members.trust.requests.conflicts import NotVerified
from services.members.trust.requests.models import OPEN, Kind, Request, RequestState
from services.members.trust.requests.periods import Periods, due
from services.members.trust.requests.schemas import NewRequest, OnBehalf, RequestChanges, Verification
from services.members.trust.requests.steps import held, not_to_come, refuse_without_authority, shown, since
from services.members.trust.requests.store import Chosen, Shown
from services.members.trust.requests.waiting import reckon
from services.members.trust.restrictions import objecting
from services.members.trust.restrictions import store as restrictions
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.requests import RequestReceived, RequestVerified
from shared.ids import new_id


def receive(session: Session, movement: str, said: NewRequest, periods: Periods) -> Shown:
    """Take a request down; one by somebody who has no authority is refused in the same step. Raises Invalid."""
    found = named(session, movement, people={"/person": said.person})
    today, at = days.today(session, movement), clock.now()
    received_on = said.received_on or today
    faults = [*found.faults, *not_to_come(today, "/received_on", received_on)]
    for place, purpose in enumerate(said.purposes):
        faults += objecting.purpose_faults(session, movement, f"/purposes/{place}", purpose)
    if faults:
        raise Invalid(faults=faults)
    due_on = due(received_on, periods.months)
    complaint = said.kind is Kind.COMPLAIN
    request = Request(
        movement=movement,
        id=new_id("request"),
        version=1,
        kind=said.kind,
        state=RequestState.RECEIVED,
        how=said.how,
        person=found.at("/person"),
        asked_by=said.asked_by,
        words=said.words,
        received_on=received_on,
        received_by=of(session).context.actor,
        acknowledge_by=received_on + timedelta(days=periods.acknowledge_days) if complaint else None,
        begins_on=received_on,
        first_due_on=due_on,
        due_on=due_on,
        called_overdue=False,
        created_at=at,
        updated_at=at,
    )
    _on_behalf(request, said.on_behalf)
    session.add(request)
    outbox.record(session, RequestReceived(request=request.id, kind=said.kind, person=request.person))
    if not refuse_without_authority(session, movement, request):
        _object(session, movement, request, said.purposes)
    return shown(session, movement, request)


def change(
    session: Session, movement: str, id: str, changes: RequestChanges, expected: int | None, periods: Periods
) -> Shown:
    """Correct what was taken down. Raises NotFound, PreconditionFailed, AlreadyAnswered, Invalid."""
    request = held(session, movement, id)
    hold_to(request.version, expected)
    found = named(session, movement, people={"/person": changes.person})
    received_on = changes.received_on or request.received_on
    if faults := [*found.faults, *not_to_come(days.today(session, movement), "/received_on", received_on)]:
        raise Invalid(faults=faults)
    request.change(clock.now())
    changes.apply(request, "how", "asked_by", "words", "received_on")
    request.person = found.at("/person") or request.person
    if changes.on_behalf is not None:
        _on_behalf(request, changes.on_behalf)
    if request.acknowledge_by is not None:
        request.acknowledge_by = request.received_on + timedelta(days=periods.acknowledge_days)
    reckon(session, movement, request, periods)
    refuse_without_authority(session, movement, request)
    return shown(session, movement, request)


def verify(session: Session, movement: str, id: str, said: Verification) -> Shown:
    """Note that it is known who asks and that they may; without authority it is refused instead.

    Raises NotFound, IllegalTransition, and Invalid where it is not said about whom, or what proves the authority.
    """
    request = held(session, movement, id)
    found = named(session, movement, people={"/person": said.person})
    today = days.today(session, movement)
    on = said.on or today
    faults = [*found.faults, *since(request, today, "/on", on)]
    if request.person is None and said.person is None:
        faults.append(Fault("/person", "says about whom it is", "person_missing"))
    if request.behalf_name is not None and (said.evidence or request.behalf_evidence) is None:
        faults.append(Fault("/evidence", "says what proves that they may ask for another", "evidence_missing"))
    if faults:
        raise Invalid(faults=faults)
    request.person = found.at("/person") or request.person
    request.behalf_evidence = said.evidence or request.behalf_evidence
    if not refuse_without_authority(session, movement, request):
        request.verify(said.identified, on, of(session).context.actor, clock.now())
        outbox.record(session, RequestVerified(request=id, kind=request.kind, person=request.person))
    return shown(session, movement, request)


def verified(session: Session, movement: str, id: str, kind: Kind, pointer: str = "/request") -> Request:
    """The request by which something is done, locked: an open one of this kind that is verified.

    Raises NotVerified, and Invalid with `unknown_request` where there is none of the kind that is open.
    """
    request = store.for_change(session, movement, id)
    if request is None or request.kind != kind or request.state not in OPEN:
        raise Invalid(faults=[Fault(pointer, f"is no open request of the kind {kind}", "unknown_request")])
    if request.state != RequestState.VERIFIED:
        raise NotVerified
    return request


def list_requests(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> list[Shown]:
    """Requests in the order in which they were taken down; of somebody by any id that they ever had."""
    chosen = replace(chosen, person=person_now(session, movement, chosen.person))
    return store.list_requests(session, movement, chosen=chosen, after=after, limit=limit)


def read(session: Session, movement: str, id: str) -> Shown:
    """One request. Raises NotFound."""
    request = store.find(session, movement, id)
    if request is None:
        raise NotFound
    return store.shown(session, movement, [request])[0]


def _object(session: Session, movement: str, request: Request, purposes: Iterable[str]) -> None:
    """Heed what a request objects to, but for what is objected to already."""
    if request.person is None:
        return
    for purpose in dict.fromkeys(purposes):
        if restrictions.heeded(session, movement, request.person, purpose) is None:
            objecting.raise_objection(session, movement, request.person, purpose, request.id, None)


def _on_behalf(request: Request, said: OnBehalf | None) -> None:
    request.behalf_name = None if said is None else said.name
    request.behalf_authority = None if said is None else said.authority
    request.behalf_evidence = None if said is None else said.evidence
