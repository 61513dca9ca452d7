"""The verbs of erasures: asked for, verified, begun or refused; admitted, answered by each service, and over.

Access ends first: the gateway is told when an erasure begins, and only once it has ended the person's access, or has
none to end, is anything erased. Until then it may object, and nothing is lost.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec
from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community.stewardships import store as stewardships
from services.members.directory.people import store as people
from services.members.trust.erasures import by_right, gathering, rows, store, suppression
from services.members.trust.erasures.fates import Leaving
from services.members.trust.erasures.models import (
    Erasure,
    ErasureHeld,
    HoldsRelationships,
    OnHold,
    Refused,
    State,
    UnderWay,
    Verified,
)
from services.members.trust.erasures.rows import Count
from services.members.trust.erasures.schemas import Hold, NewErasure
from services.members.trust.requests.domain import verified
from services.members.trust.requests.models import Kind
from services.members.trust.retention.store import hold_of
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.erasure.marks import Marks
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.members.erasures import ErasureAdmitted, ErasureBegun, ErasureEnded
from shared.ids import new_id
from shared.secrets import Secrets

SERVICES = ("gateway", "grants", "measures", "members")
"""Who answers with a receipt."""


class NotAdmitted(Conflict):
    """What to look for is told once the person's access has ended, and as long as it is needed."""

    code = "erasure_not_admitted"
    title = "This erasure is not to be carried out now"


def ask(session: Session, movement: str, said: NewErasure, secrets: Secrets) -> Erasure:
    """Have somebody erased, once it is verified who asks; a request that is verified says so.

    Raises Invalid for nobody, NotVerified, and UnderWay.
    """
    request = None if said.request is None else verified(session, movement, said.request, Kind.ERASE)
    asked_for = said.person if request is None else request.person
    person = people.present_id(session, movement, asked_for or "")
    if people.for_change(session, movement, person) is None:
        raise Invalid(faults=[Fault("/person", "is no person of this movement", "unknown_person")])
    if (earlier := store.live_of(session, movement, person)) is not None:
        raise UnderWay(erasure=earlier.id)
    at, name = clock.now(), new_id("erasure")
    erasure = Erasure(
        movement=movement, id=name, version=1, person=person, state=State.REQUESTED, request=said.request,
        sealed=_sealed(secrets, movement, name, Marks(people=[person], phrases=said.also)),
        asked_by=of(session).context.actor, asked_at=at, updated_at=at,
    )  # fmt: skip
    if request is not None:
        erasure.verify(by_right.how(request), request.verified_by or erasure.asked_by, at)
    session.add(erasure)
    return read_again(session, movement, name)


def read(session: Session, movement: str, erasure: str) -> Erasure:
    """An erasure. Raises NotFound."""
    found = store.find(session, movement, erasure)
    if found is None:
        raise NotFound
    return found


def list_erasures(
    session: Session, movement: str, *, state: State | None, after: After, limit: int
) -> Sequence[Erasure]:
    """Erasures in the order in which they were asked for."""
    return store.list_erasures(session, movement, state=state, after=after, limit=limit)


def preview(session: Session, movement: str, erasure: str) -> tuple[Sequence[str], list[Count]]:
    """Whose records are concerned, and what becomes of them. Raises NotFound."""
    ids = gathering.ids_of(session, movement, read(session, movement, erasure).person)
    return ids, rows.counted(session, movement, Leaving(ids))


def verify(session: Session, movement: str, erasure: str, how: Verified, expected: int | None) -> Erasure:
    """Somebody has seen who asks. Raises NotFound, IllegalTransition, PreconditionFailed."""
    found = _held(session, movement, erasure, expected)
    found.verify(how, of(session).context.actor, clock.now())
    return read_again(session, movement, erasure)


def refuse(session: Session, movement: str, erasure: str, because: Refused, expected: int | None) -> Erasure:
    """Nobody is erased. Raises NotFound, and Conflict once it has begun."""
    found = _held(session, movement, erasure, expected)
    if found.state == State.IN_PROGRESS:
        raise Conflict("it has begun and can only be finished", state=found.state)
    _refused(session, found, because)
    return read_again(session, movement, erasure)


def begin(
    session: Session, movement: str, erasure: str, holds: Sequence[Hold], expected: int | None, secrets: Secrets
) -> Erasure:
    """Tell every service. Raises NotFound, HoldsRelationships, OnHold, Invalid for an impossible hold."""
    found = _held(session, movement, erasure, expected)
    ids = gathering.ids_of(session, movement, found.person)
    if held := stewardships.of_holder(session, movement, found.person):
        raise HoldsRelationships(relationships=len(held))
    if (hold := hold_of(session, movement, found.person, days.today(session, movement))) is not None:
        raise OnHold(hold=hold)
    parts = _holds(session, movement, ids, holds)
    also = opened(secrets, found).phrases
    marks = gathering.marks(session, movement, ids, also)
    if found.request is not None:
        verified(session, movement, found.request, Kind.ERASE)
    found.begin(of(session).context.actor, _sealed(secrets, movement, erasure, marks), clock.now())
    store.expect(session, movement, erasure, SERVICES)
    store.hold(session, movement, erasure, parts)
    outbox.record(session, ErasureBegun(erasure=erasure, person=found.person))
    session.flush()
    return read_again(session, movement, erasure)


def admit(session: Session, movement: str, erasure: str) -> None:
    """The person's access has ended: every service takes out what it keeps of them. A second time changes nothing."""
    found = store.find(session, movement, erasure, lock=True)
    if found is not None and found.state == State.IN_PROGRESS and found.admitted_at is None:
        found.admitted_at = clock.now()
        outbox.record(session, ErasureAdmitted(erasure=erasure))


def object_to(session: Session, movement: str, erasure: str, because: Refused) -> None:
    """The person's access cannot end, and so nothing is erased."""
    found = store.find(session, movement, erasure, lock=True)
    if found is not None and found.state == State.IN_PROGRESS and found.admitted_at is None:
        _refused(session, found, because)


def answered(session: Session, movement: str, erasure: str, service: str, records: int = 0) -> None:
    """A service has erased what it kept: so many records besides those that are counted already."""
    store.count(session, records, movement, erasure, service)
    store.answered(session, movement, erasure, service, clock.now())


def marks(session: Session, movement: str, erasure: str, secrets: Secrets) -> Marks:
    """What to look for. Raises NotFound and NotAdmitted."""
    found = read(session, movement, erasure)
    if found.state != State.IN_PROGRESS or found.admitted_at is None:
        raise NotAdmitted(state=found.state)
    return opened(secrets, found)


def keep_out(session: Session, movement: str, ids: Sequence[str], secrets: Secrets) -> None:
    """Let no import bring somebody back by what is known of them now; nothing is, once they are erased."""
    digests = suppression.digests(secrets, movement, gathering.known(session, movement, ids))
    store.suppress(session, movement, digests, days.today(session, movement))


def over(session: Session, movement: str, erasure: str, backups_kept: timedelta) -> None:
    """Every service has answered, and nothing is left on the disk: the erasure is over."""
    found = store.find(session, movement, erasure, lock=True)
    if found is None or found.state != State.IN_PROGRESS:
        return
    outcome = State.PARTLY_HELD if found.held else State.COMPLETED
    found.end(outcome, days.today(session, movement) + backups_kept, clock.now())
    outbox.record(session, ErasureEnded(erasure=erasure, outcome=outcome))
    by_right.close(session, movement, found)


def no_longer_held(session: Session, movement: str, erasure: str, today: date) -> None:
    """What was held until before today is gone; where it was the last part, the erasure is complete."""
    found = store.find(session, movement, erasure, lock=True)
    if found is None or found.state != State.PARTLY_HELD:
        return
    store.release(session, movement, erasure, today)
    if all(each.until < today for each in found.held):
        found.complete(clock.now())
        outbox.record(session, ErasureEnded(erasure=erasure, outcome=State.COMPLETED))


def opened(secrets: Secrets, erasure: Erasure) -> Marks:
    """What an erasure is to look for, out of its row."""
    if erasure.sealed is None:
        raise NotAdmitted(state=erasure.state)
    return msgspec.json.decode(secrets.open(erasure.sealed, bound_to=_row(erasure.movement, erasure.id)), type=Marks)


def read_again(session: Session, movement: str, erasure: str) -> Erasure:
    """An erasure that this transaction has changed."""
    session.flush()
    return read(session, movement, erasure)


def _held(session: Session, movement: str, erasure: str, expected: int | None) -> Erasure:
    """The erasure, locked, at the version that the caller read."""
    found = store.find(session, movement, erasure, lock=True)
    if found is None:
        raise NotFound
    hold_to(found.version, expected)
    return found


def _refused(session: Session, found: Erasure, because: Refused) -> None:
    found.refuse(because, clock.now())
    outbox.record(session, ErasureEnded(erasure=found.id, outcome=State.REFUSED))
    by_right.close(session, found.movement, found)


def _holds(session: Session, movement: str, ids: Sequence[str], said: Sequence[Hold]) -> list[ErasureHeld]:
    """What is held, with how many records each is of. Raises Invalid, naming every hold that cannot be."""
    counts = {count.kind: count for count in rows.counted(session, movement, Leaving(ids))}
    today, faults, parts = days.today(session, movement), [], []
    for n, hold in enumerate(said):
        count = counts.get(hold.kind)
        if count is None or not count.erased or not count.may_be_held:
            faults.append(
                Fault(f"/holds/{n}/kind", "is no kind of record of theirs that can be held", "not_to_be_held")
            )
        elif hold.until < today:
            faults.append(Fault(f"/holds/{n}/until", "is over", "in_the_past"))
        else:
            parts.append(ErasureHeld(kind=hold.kind, records=count.erased, reason=hold.reason, until=hold.until))
    if faults:
        raise Invalid(faults=faults)
    return parts


def _sealed(secrets: Secrets, movement: str, erasure: str, to_find: Marks) -> bytes:
    return secrets.seal(msgspec.json.encode(to_find), bound_to=_row(movement, erasure))


def _row(movement: str, erasure: str) -> bytes:
    return f"{movement}/{erasure}".encode()
