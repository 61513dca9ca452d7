"""Holding back what is not to go although its period is over, and ending it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.named import named, person_now
from services.members.trust.retention import store
from services.members.trust.retention.models import RetentionHold
from services.members.trust.retention.schedule import SCHEDULE
from services.members.trust.retention.schemas import NewHold
from shared import clock
from shared.db.session import of
from shared.errors import Fault, Invalid, NotFound
from shared.ids import new_id


def place(session: Session, movement: str, said: NewHold) -> RetentionHold:
    """Hold records back from now on. Raises Invalid, naming every fault."""
    found = named(session, movement, people={"/person": said.person})
    faults = list(found.faults)
    if said.kind is not None and (said.kind not in SCHEDULE or SCHEDULE[said.kind].standard is None):
        faults.append(Fault("/kind", "is no kind of record that has a rule", "unknown_kind"))
    if said.until is not None and said.until < days.today(session, movement):
        faults.append(Fault("/until", "is over", "in_the_past"))
    if faults:
        raise Invalid(faults=faults)
    hold = RetentionHold(
        movement=movement,
        id=new_id("hold"),
        person=found.at("/person"),
        kind=said.kind,
        record=said.record,
        why=said.why,
        until=said.until,
        placed_by=of(session).context.actor,
        placed_at=clock.now(),
        lifted_by=None,
        lifted_at=None,
    )
    session.add(hold)
    session.flush()
    return hold


def list_holds(
    session: Session, movement: str, *, person: str | None, in_force: bool, after: After, limit: int
) -> Sequence[RetentionHold]:
    """Holds in the order in which they were placed; of somebody by any id that they ever had."""
    day = days.today(session, movement) if in_force else None
    now = person_now(session, movement, person)
    return store.list_holds(session, movement, person=now, in_force_on=day, after=after, limit=limit)


def lift(session: Session, movement: str, id: str) -> RetentionHold:
    """Hold it back no longer. Raises NotFound and AlreadyLifted."""
    hold = store.hold(session, movement, id)
    if hold is None:
        raise NotFound
    hold.lift(of(session).context.actor, clock.now())
    session.flush()
    return hold
