"""The verbs of taper plans: what ends is planned, handed over and done, or dropped."""

from sqlalchemy.orm import Session

from services.members import days
from services.members.community.programmes import domain as programmes
from services.members.community.tapers import store
from services.members.community.tapers.models import Taper, TaperState
from services.members.community.tapers.schemas import Completion, Dropping, NewTaper, TaperChanges
from services.members.named import named
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.programmes import TaperCompleted, TaperDropped
from shared.ids import new_id


def plan(session: Session, movement: str, programme: str, said: NewTaper) -> Taper:
    """Plan that something ends. Raises NotFound, Invalid."""
    programmes.held(session, movement, programme, None)
    at = clock.now()
    taper = Taper(
        movement=movement,
        id=new_id("taper"),
        version=1,
        programme=programme,
        what=said.what,
        role=said.role,
        ends_on=said.ends_on,
        successor=_successor(session, movement, said.successor),
        arrangement=said.arrangement,
        state=TaperState.PLANNED,
        created_at=at,
        updated_at=at,
    )
    session.add(taper)
    return taper


def change(session: Session, movement: str, id: str, changes: TaperChanges, expected: int | None) -> Taper:
    """Change what is still planned. Raises NotPlanned, Invalid."""
    taper = _held(session, movement, id)
    hold_to(taper.version, expected)
    taper.edit(clock.now())
    if "successor" in changes.model_fields_set:
        taper.successor = _successor(session, movement, changes.successor)
    changes.apply(taper, "what", "ends_on", "role", "arrangement")
    return taper


def complete(session: Session, movement: str, id: str, said: Completion) -> Taper:
    """Note that something has ended and somebody took over; the backbone's role that goes with it ends that day.

    Raises NobodyTakesOver, Invalid, IllegalTransition.
    """
    programme = programmes.held(session, movement, _found(store.find(session, movement, id)).programme, None)
    taper = _held(session, movement, id)
    today = days.today(session, movement)
    on = said.on or today
    if on > today:
        raise Invalid(faults=[Fault("/on", "is in the future", "in_the_future")])
    taper.complete(on, of(session).context.actor, clock.now(), said.note)
    for period in programme.roles:
        if period.role == taper.role and period.ended_on is None:
            programmes.end(session, programme, period, on, said.note)
    done = TaperCompleted(programme=programme.id, taper=id, role=taper.role, successor=taper.successor)
    outbox.record(session, done)
    return taper


def drop(session: Session, movement: str, id: str, said: Dropping) -> Taper:
    """Note that something does not end after all. Raises IllegalTransition."""
    taper = _held(session, movement, id)
    taper.drop(of(session).context.actor, clock.now(), said.note)
    outbox.record(session, TaperDropped(programme=taper.programme, taper=id))
    return taper


def read(session: Session, movement: str, id: str) -> Taper:
    """One taper. Raises NotFound."""
    return _found(store.find(session, movement, id))


def _successor(session: Session, movement: str, organisation: str | None) -> str | None:
    found = named(session, movement, organisations={"/successor": organisation})
    if found.faults:
        raise Invalid(faults=found.faults)
    return found.at("/successor")


def _held(session: Session, movement: str, id: str) -> Taper:
    return _found(store.for_change(session, movement, id))


def _found(taper: Taper | None) -> Taper:
    if taper is None:
        raise NotFound
    return taper
