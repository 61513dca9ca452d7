"""The verbs of programmes: entered, changed, and the backbone's roles and the partners in them begun and ended."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.community.programmes import store
from services.members.community.programmes.models import AlignedTo, Partner, Programme, RolePeriod
from services.members.community.programmes.schemas import (
    Ending,
    NewPartner,
    NewProgramme,
    NewRole,
    ProgrammeChanges,
)
from services.members.community.programmes.store import Chosen
from services.members.named import by_present_ids, named
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.members.programmes import ProgrammeRoleBegun, ProgrammeRoleEnded
from shared.ids import new_id


def enter(session: Session, movement: str, said: NewProgramme) -> Programme:
    """Enter a programme. Raises Invalid."""
    lead = _organisation(session, movement, "/lead", said.lead)
    _check_days(said.starts_on, said.ended_on)
    at = clock.now()
    programme = Programme(
        movement=movement,
        id=new_id("programme"),
        version=1,
        name=said.name,
        lead=lead,
        aims=said.aims,
        starts_on=said.starts_on,
        ended_on=said.ended_on,
        created_at=at,
        updated_at=at,
    )
    session.add(programme)
    session.flush()  # what it is aligned to refers to it
    _align(session, programme, said.functions, said.conditions, said.outcomes)
    return read(session, movement, programme.id)


def change(session: Session, movement: str, id: str, changes: ProgrammeChanges, expected: int | None) -> Programme:
    """Change a programme; what it is aligned to is replaced where it was sent. Raises Invalid."""
    programme = held(session, movement, id, expected)
    changes.apply(programme, "name", "aims", "starts_on", "ended_on")
    if changes.lead is not None:
        programme.lead = _organisation(session, movement, "/lead", changes.lead)
    _check_days(programme.starts_on, programme.ended_on)
    _align(session, programme, changes.functions, changes.conditions, changes.outcomes)
    programme.changed(clock.now())
    return read(session, movement, id)


def begin_role(session: Session, movement: str, id: str, said: NewRole) -> Programme:
    """Note that the backbone comes to a role, or had it once. Raises RoleOverlaps."""
    programme = held(session, movement, id, None)
    programme.check_free(said.role, said.starts_on, said.ended_on)
    at = clock.now()
    period = RolePeriod(
        movement=movement,
        id=new_id("role"),
        programme=id,
        role=said.role,
        starts_on=said.starts_on,
        ended_on=said.ended_on,
        why=said.why,
        ended_why=said.ended_why,
        recorded_at=at,
        recorded_by=of(session).context.actor,
    )
    session.add(period)
    programme.changed(at)
    outbox.record(session, ProgrammeRoleBegun(programme=id, period=period.id, role=said.role))
    if said.ended_on is not None:
        outbox.record(session, ProgrammeRoleEnded(programme=id, period=period.id, role=said.role))
    return read(session, movement, id)


def end_role(session: Session, movement: str, id: str, period: str, said: Ending) -> Programme:
    """Note that the backbone leaves a role. Raises NotFound, EndedAlready, Invalid."""
    programme = held(session, movement, id, None)
    ending = next((each for each in programme.roles if each.id == period), None)
    if ending is None:
        raise NotFound
    end(session, programme, ending, said.on or days.today(session, movement), said.why)
    return read(session, movement, id)


def end(session: Session, programme: Programme, period: RolePeriod, on: date, why: str | None) -> None:
    """End a role of a programme that is held. Raises EndedAlready, Invalid where it had not begun."""
    if on <= period.starts_on:
        raise Invalid(faults=[Fault("/on", "is not after the day on which the role began", "before_start")])
    period.end(on, why)
    programme.changed(clock.now())
    outbox.record(session, ProgrammeRoleEnded(programme=programme.id, period=period.id, role=period.role))


def strike_role(session: Session, movement: str, id: str, period: str) -> Programme:
    """Take out a role that was noted by mistake. Raises NotFound."""
    programme = held(session, movement, id, None)
    mistaken = next((each for each in programme.roles if each.id == period), None)
    if mistaken is None:
        raise NotFound
    if mistaken.ended_on is None:
        outbox.record(session, ProgrammeRoleEnded(programme=id, period=period, role=mistaken.role))
    session.delete(mistaken)
    programme.changed(clock.now())
    return read(session, movement, id)


def add_partner(session: Session, movement: str, id: str, said: NewPartner) -> Programme:
    """Note that an organisation takes part. Raises Invalid."""
    programme = held(session, movement, id, None)
    partner = Partner(
        movement=movement,
        id=new_id("partner"),
        programme=id,
        organisation=_organisation(session, movement, "/organisation", said.organisation),
        part=said.part,
        starts_on=said.starts_on,
        ended_on=said.ended_on,
    )
    session.add(partner)
    programme.changed(clock.now())
    return read(session, movement, id)


def end_partner(session: Session, movement: str, id: str, partner: str, said: Ending) -> Programme:
    """Note that an organisation no longer takes part. Raises NotFound, EndedAlready, Invalid."""
    programme = held(session, movement, id, None)
    leaving = store.partner_for_change(session, movement, id, partner)
    if leaving is None:
        raise NotFound
    on = said.on or days.today(session, movement)
    if on <= leaving.starts_on:
        raise Invalid(faults=[Fault("/on", "is not after the day on which it began", "before_start")])
    leaving.end(on)
    programme.changed(clock.now())
    return read(session, movement, id)


def list_programmes(
    session: Session, movement: str, *, chosen: Chosen, after: After, limit: int
) -> Sequence[Programme]:
    """Programmes in the order in which they were entered; of an organisation by any id that it ever had."""
    chosen = by_present_ids(session, movement, chosen, organisations=("lead", "partner"))
    return store.list_programmes(session, movement, chosen=chosen, after=after, limit=limit)


def read(session: Session, movement: str, id: str) -> Programme:
    """One programme, with all that belongs to it. Raises NotFound."""
    session.flush()
    return _found(store.find(session, movement, id))


def held(session: Session, movement: str, id: str, expected: int | None) -> Programme:
    """The programme, locked, at the version that the caller read. Raises NotFound."""
    programme = _found(store.find(session, movement, id, locked=True))
    hold_to(programme.version, expected)
    return programme


def _found(programme: Programme | None) -> Programme:
    if programme is None:
        raise NotFound
    return programme


def _align(
    session: Session,
    programme: Programme,
    functions: Sequence[str] | None,
    conditions: Sequence[str] | None,
    outcomes: Sequence[str] | None,
) -> None:
    for kind, words in (
        (AlignedTo.FUNCTION, functions),
        (AlignedTo.CONDITION, conditions),
        (AlignedTo.OUTCOME, outcomes),
    ):
        if words is not None:
            store.align(session, programme.movement, programme.id, kind, words)


def _organisation(session: Session, movement: str, place: str, organisation: str) -> str:
    """The id that the organisation has now. Raises Invalid."""
    found = named(session, movement, organisations={place: organisation})
    if found.faults:
        raise Invalid(faults=found.faults)
    return found.ids[place]


def _check_days(starts_on: date | None, ended_on: date | None) -> None:
    if starts_on is not None and ended_on is not None and ended_on <= starts_on:
        raise Invalid(faults=[Fault("/ended_on", "is not after it starts", "before_start")])
