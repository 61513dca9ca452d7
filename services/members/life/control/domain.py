"""The verbs of control moved: noted, corrected, taken back, and summed up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.life.control import store
from services.members.life.control.models import ControlMove, ControlOf
from services.members.life.control.schemas import ControlSummary, KindMoved, MoveChanges, NewMove, TakingBack
from services.members.life.control.store import Chosen
from services.members.named import named, organisation_now
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.life import ControlMoved, ControlTakenBack
from shared.ids import new_id
from shared.money import Money


def move(session: Session, movement: str, said: NewMove) -> ControlMove:
    """Note a move of control. Raises Invalid."""
    places = {"/from/organisation": said.from_.organisation, "/to/organisation": said.to.organisation}
    found = named(session, movement, organisations=places)
    faults = list(found.faults)
    given, taken = found.at("/from/organisation"), found.at("/to/organisation")
    if given is not None and given == taken:  # by two ids of one that was merged
        faults.append(Fault("/to/organisation", "is the same organisation", "same_body"))
    if said.since > days.today(session, movement):
        faults.append(Fault("/since", "is still to come", "in_the_future"))
    if faults:
        raise Invalid(faults=faults)
    at = clock.now()
    moved = ControlMove(
        movement=movement,
        id=new_id("control"),
        version=1,
        kind=said.kind,
        what=said.what,
        from_organisation=given,
        from_words=said.from_.words,
        to_organisation=taken,
        to_words=said.to.words,
        since=said.since,
        pence=None if said.worth is None else said.worth.pence,
        currency=None if said.worth is None else said.worth.currency,
        evidence=said.evidence,
        created_at=at,
        updated_at=at,
    )
    session.add(moved)
    outbox.record(session, ControlMoved(control=moved.id, kind=said.kind))
    return moved


def correct(session: Session, movement: str, id: str, changes: MoveChanges, expected: int | None) -> ControlMove:
    """Correct what was noted. Raises NotFound, PreconditionFailed."""
    moved = _held(session, movement, id)
    hold_to(moved.version, expected)
    changes.apply(moved)
    moved.changed(clock.now())
    return moved


def take_back(session: Session, movement: str, id: str, said: TakingBack) -> ControlMove:
    """Note that it is no longer so. Raises NotFound, TakenBackAlready, Invalid."""
    moved, today = _held(session, movement, id), days.today(session, movement)
    on = said.on or today
    if on > today:
        raise Invalid(faults=[Fault("/on", "is still to come", "in_the_future")])
    if on <= moved.since:
        raise Invalid(faults=[Fault("/on", "is not after the day on which it moved", "before_start")])
    moved.take_back(on, said.why, clock.now())
    outbox.record(session, ControlTakenBack(control=id, kind=moved.kind))
    return moved


def list_moves(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[ControlMove]:
    """Moves in the order in which they were noted; of an organisation by any id that it ever had."""
    chosen = replace(
        chosen,
        from_organisation=organisation_now(session, movement, chosen.from_organisation),
        to_organisation=organisation_now(session, movement, chosen.to_organisation),
    )
    return store.list_moves(session, movement, chosen=chosen, after=after, limit=limit)


def read(session: Session, movement: str, id: str) -> ControlMove:
    """One move. Raises NotFound."""
    return _found(store.find(session, movement, id))


def sum_up(session: Session, movement: str, on: date | None) -> ControlSummary:
    """What had moved by a day, of every kind; today unless one is named."""
    day = on or days.today(session, movement)
    counted = store.counts(session, movement, day)
    worth = [Money.of(pence, currency) for currency, pence in store.worth(session, movement, day)]
    kinds = [
        KindMoved(kind=kind, moved=moved, taken_back=back, worth=worth if kind == ControlOf.BUDGET else [])
        for kind in ControlOf
        for moved, back in [counted.get(kind, (0, 0))]
    ]
    return ControlSummary(on=day, kinds=kinds)


def _held(session: Session, movement: str, id: str) -> ControlMove:
    return _found(store.find(session, movement, id, locked=True))


def _found(moved: ControlMove | None) -> ControlMove:
    if moved is None:
        raise NotFound
    return moved
