"""A connector's case: opened, followed, ended and told back. A client has no rung while a case goes on."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from services.members.base import After
from services.members.community import people
from services.members.community.connections import conversations, store
from services.members.community.connections.models import (
    ENDED_CASES,
    LIVE_STEPS,
    CaseState,
    Connection,
    Step,
    Telling,
)
from services.members.community.connections.schemas import ConnectionChanges, NewConnection, Told
from services.members.community.connections.store import Chosen
from services.members.engagement.ladder import guard
from services.members.engagement.ladder.models import Reason
from services.members.named import by_present_ids, named
from services.members.trust.safeguarding.guard import NotAvailable, may_join
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.connections import (
    ConnectionStateChanged,
    IntroductionStateChanged,
)
from shared.ids import new_id
from shared.secrets import Secrets

AFTERWARDS = timedelta(days=1)
"""How long after the end of their last case a client is one no more: long enough that no log tells the two together."""


class NothingToTell(Conflict):
    """Nobody waits to be told, the case is not over, or the client allows nothing to be told."""

    code = "nothing_to_tell"
    title = "There is nothing to tell back"


def open_case(session: Session, movement: str, said: NewConnection, by: str, secrets: Secrets) -> Connection:
    """Open a case. What matters to the client is sealed, if it was said already. Raises Invalid and NotAvailable."""
    who = named(
        session,
        movement,
        people={
            "/person": said.person,
            "/connector": said.connector,
            "/referred_by_person": said.referred_by_person,
        },
        organisations={"/referred_by_organisation": said.referred_by_organisation},
    )
    faults = who.faults
    if who.at("/connector") is not None and who.at("/connector") == who.at("/person"):
        faults = [*faults, Fault("/connector", "is the client", "own_connector")]
    if faults:
        raise Invalid(faults=faults)
    if not may_join(session, movement, who.ids["/connector"], [who.ids["/person"]]):
        raise NotAvailable
    at = clock.now()
    case = Connection(
        id=new_id("connection"),
        person=who.ids["/person"],
        connector=who.ids["/connector"],
        referred_by_person=who.at("/referred_by_person"),
        referred_by_organisation=who.at("/referred_by_organisation"),
        tell_referrer=said.tell_referrer,
        wished=[],
        state=CaseState.OPENED,
        state_since=at,
        version=1,
        created_at=at,
        updated_at=at,
    )
    store.add(session, movement, case)
    guard.exclude(session, movement, case.person, Reason.CLIENT)
    if said.conversation is not None:
        conversations.keep(session, movement, case.id, said.conversation, by, secrets)
    return store.again(session, movement, case)


def change(
    session: Session, movement: str, connection: str, said: ConnectionChanges, expected: int | None
) -> Connection:
    """Hand the case to another connector, or change what may be told back. Raises NotFound, Invalid, NotAvailable."""
    case = for_change(session, movement, connection)
    hold_to(case.version, expected)
    if "connector" in said.model_fields_set:
        case.connector = people.current(session, movement, {"/connector": said.connector})["/connector"]
        if case.connector == case.person:
            raise Invalid(faults=[Fault("/connector", "is the client", "own_connector")])
        if not may_join(session, movement, case.connector, [case.person]):
            raise NotAvailable
    if "tell_referrer" in said.model_fields_set:
        case.tell_referrer = said.tell_referrer
    case.updated_at = clock.now()
    case.version += 1
    return case


def end(session: Session, movement: str, connection: str, outcome: CaseState) -> Connection:
    """End a case that settles nowhere; what goes on of it is withdrawn. Raises NotFound and IllegalTransition."""
    case, at = for_change(session, movement, connection), clock.now()
    before = case.state
    case.end(outcome, at)
    for introduction in case.introductions:
        if introduction.state in LIVE_STEPS:
            earlier = introduction.state
            held = introduction.leave(Step.WITHDRAWN, at)
            if held is not None:
                store.free_place(session, movement, introduction.asset, held)
            tell_step(session, case, introduction.id, earlier, introduction.state)
    tell(session, case, before)
    return case


def tell_back(session: Session, movement: str, connection: str) -> Told:
    """Note that whoever referred the client is told, and answer what they may be. Raises NotFound, NothingToTell."""
    case, at = for_change(session, movement, connection), clock.now()
    if case.state not in ENDED_CASES or not case.is_referred or case.tell_referrer == Telling.NOTHING:
        raise NothingToTell
    case.told_at = case.updated_at = at
    case.version += 1
    settled = None
    if case.tell_referrer == Telling.OUTCOME_AND_PLACE:
        settled = [each.asset for each in case.introductions if each.state == Step.SETTLED]
    return Told(outcome=CaseState(case.state), settled_at=settled, told_at=at)


def read(session: Session, movement: str, connection: str) -> Connection:
    """One case. Raises NotFound."""
    found = store.find(session, movement, connection)
    if found is None:
        raise NotFound
    return found


def list_cases(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Connection]:
    """Cases in the order in which they were opened; of somebody by any id that they ever had."""
    chosen = by_present_ids(session, movement, chosen, people=("person", "connector"))
    return store.list_connections(session, movement, chosen=chosen, after=after, limit=limit)


def readmit_former(session: Session, movement: str, slice_of: int) -> bool:
    """Let the next of those back onto the ladder whose last case is over long enough; whether more are left."""
    found = store.former_clients(session, movement, clock.now() - AFTERWARDS, slice_of)
    for person in found:
        guard.readmit(session, movement, person, Reason.CLIENT)
    return len(found) == slice_of


def for_change(session: Session, movement: str, connection: str) -> Connection:
    """A case, locked. Raises NotFound."""
    found = store.for_change(session, movement, connection)
    if found is None:
        raise NotFound
    return found


def tell(session: Session, case: Connection, before: str) -> None:
    """Say that a case moved on, where it did."""
    if case.state != before:
        changed = ConnectionStateChanged(connection=case.id, from_state=before, to_state=case.state)
        outbox.record(session, changed)


def tell_step(session: Session, case: Connection, introduction: str, before: str | None, now: str) -> None:
    """Say that an introduction of a case moved on."""
    moved = IntroductionStateChanged(connection=case.id, introduction=introduction, from_state=before, to_state=now)
    outbox.record(session, moved)
