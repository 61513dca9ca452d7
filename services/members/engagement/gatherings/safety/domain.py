"""What is done for safety. What says who was hurt, or whom to call, is sealed with the house's secrets."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from sqlalchemy.orm import Session

from services.members.base import After
from services.members.engagement.gatherings import company
from services.members.engagement.gatherings import store as gatherings
from services.members.engagement.gatherings.bookings.store import children_among
from services.members.engagement.gatherings.fields import present_people
from services.members.engagement.gatherings.safety import schemas, store
from services.members.engagement.gatherings.safety.models import (
    EmergencyContact,
    FollowUp,
    Incident,
    IncidentKind,
    PicturePermission,
    SafetyPlan,
    place_of,
)
from services.members.engagement.gatherings.slots import store as slots
from services.members.trust.permissions.models import Authority
from services.members.trust.safeguarding.checks.models import Act
from services.members.trust.safeguarding.guard import NotAvailable, may_be
from shared import clock
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.ids import new_id
from shared.secrets import Secrets

_AT_A_TIME = 200


class IncidentClosed(Conflict):
    """It was closed: report what happened since as another one."""

    code = "incident_closed"
    title = "The incident was closed"


def plan(session: Session, movement: str, gathering: str) -> schemas.SafetyPlan:
    """A gathering's plan; an empty one where nothing was said. Raises NotFound."""
    _known(session, movement, gathering)
    found = store.plan(session, movement, gathering)
    if found is None:
        return schemas.SafetyPlan(
            gathering=gathering, leader=None, deputy=None, risk_note=None, version=0, updated_at=None
        )
    return schemas.SafetyPlan.of(found)


def change_plan(
    session: Session, movement: str, gathering: str, said: schemas.SafetyChanges, expected: int | None
) -> SafetyPlan:
    """Say who leads and steps in, and what could go wrong. Raises Invalid where both are one, NotAvailable."""
    if gatherings.for_change(session, movement, gathering) is None:
        raise NotFound
    found, at = store.plan(session, movement, gathering, lock=True), clock.now()
    hold_to(0 if found is None else found.version, expected)
    if found is None:
        found = SafetyPlan(
            movement=movement, gathering=gathering, leader=None, deputy=None, risk_note=None, version=0, updated_at=at
        )
    present = present_people(session, movement, {"/leader": said.leader, "/deputy": said.deputy})
    for field in said.model_fields_set:
        setattr(found, field, present.get(f"/{field}") if field != "risk_note" else said.risk_note)
    if found.leader is not None and found.leader == found.deputy:
        raise Invalid(faults=[Fault("/deputy", "leads already: somebody else steps in", "own_deputy")])
    _refuse_unless_they_may_lead(session, movement, found, said)
    found.version, found.updated_at = found.version + 1, at
    store.add(session, [found])
    return found


def add_contact(
    session: Session, movement: str, gathering: str, said: schemas.NewEmergencyContact, secrets: Secrets
) -> schemas.EmergencyContact:
    """Keep whom to call for somebody at a slot, until it is over. Raises NotFound, Invalid."""
    _known(session, movement, gathering)
    slot = slots.find(session, movement, said.slot)
    if slot is None or slot.gathering != gathering:
        raise Invalid(faults=[Fault("/slot", "is no slot of this gathering", "unknown_slot")])
    person = present_people(session, movement, {"/person": said.person})["/person"]
    id_ = new_id("contact")
    sealed = secrets.seal(msgspec.json.encode(said.contact.model_dump()), bound_to=place_of(movement, id_))
    row = EmergencyContact(
        movement=movement, id=id_, slot=said.slot, person=person, sealed=sealed, created_at=clock.now()
    )
    store.add(session, [row])
    return _contact(row, secrets)


def contacts(session: Session, movement: str, gathering: str, secrets: Secrets) -> list[schemas.EmergencyContact]:
    """Whom to call for those who come. Raises NotFound."""
    _known(session, movement, gathering)
    return [_contact(row, secrets) for row in store.contacts(session, movement, gathering)]


def forget_contacts(session: Session, kept: timedelta) -> bool:
    """Delete the contacts of slots that ended so long ago; whether more may be left."""
    return store.delete_contacts(session, clock.now() - kept, _AT_A_TIME) == _AT_A_TIME


def report(session: Session, movement: str, said: schemas.NewIncident, secrets: Secrets) -> schemas.Incident:
    """Report what went wrong or nearly did. Raises Invalid."""
    if gatherings.find(session, movement, said.gathering) is None:
        raise Invalid(faults=[Fault("/gathering", "is no gathering of this movement", "unknown_gathering")])
    at = clock.now()
    if said.happened_at > at:
        raise Invalid(faults=[Fault("/happened_at", "is in the future", "in_the_future")])
    id_ = new_id("incident")
    row = Incident(
        movement=movement, id=id_, gathering=said.gathering, kind=said.kind, happened_at=said.happened_at,
        sealed=secrets.seal(said.what.encode(), bound_to=place_of(movement, id_)),
        reported_by=of(session).context.actor,
        version=1, created_at=at, updated_at=at, closed_at=None,
    )  # fmt: skip
    store.add(session, [row])
    return _shown(session, movement, [row], secrets)[0]


def follow_up(
    session: Session, movement: str, incident: str, said: schemas.NewFollowUp, secrets: Secrets
) -> schemas.Incident:
    """Add what was done about an incident. Raises NotFound, IncidentClosed."""
    found = _open(session, movement, incident)
    id_, at = new_id("follow"), clock.now()
    sealed = secrets.seal(said.what.encode(), bound_to=place_of(movement, id_))
    done = FollowUp(movement=movement, id=id_, incident=incident, sealed=sealed, by=of(session).context.actor, at=at)
    found.version, found.updated_at = found.version + 1, at
    store.add(session, [done])
    return _shown(session, movement, [found], secrets)[0]


def close(session: Session, movement: str, incident: str, expected: int | None, secrets: Secrets) -> schemas.Incident:
    """Nothing more is to be done. Raises NotFound, IncidentClosed."""
    found = _open(session, movement, incident)
    hold_to(found.version, expected)
    found.closed_at = found.updated_at = clock.now()
    found.version += 1
    session.flush()
    return _shown(session, movement, [found], secrets)[0]


def incident(session: Session, movement: str, incident: str, secrets: Secrets) -> schemas.Incident:
    """One incident. Raises NotFound."""
    found = store.incident(session, movement, incident)
    if found is None:
        raise NotFound
    return _shown(session, movement, [found], secrets)[0]


def incidents(
    session: Session, movement: str, secrets: Secrets, *, gathering: str | None, open_only: bool, after: After,
    limit: int,
) -> list[schemas.Incident]:  # fmt: skip
    """Incidents in the order in which they were reported."""
    rows = store.incidents(session, movement, gathering=gathering, open_only=open_only, after=after, limit=limit)
    return _shown(session, movement, rows, secrets)


def decide_pictures(
    session: Session, movement: str, gathering: str, said: schemas.NewPicturePermission
) -> list[PicturePermission]:
    """Add a decision about pictures of a person. Raises NotFound, Invalid for a child who is spoken for by nobody."""
    _known(session, movement, gathering)
    person = present_people(session, movement, {"/person": said.person})["/person"]
    by_parent = said.authority == Authority.PARENTAL_RESPONSIBILITY
    if said.allowed and not by_parent and children_among(session, movement, [person]):
        reason = "for a child, who has parental responsibility says yes"
        raise Invalid(faults=[Fault("/authority", reason, "parental_responsibility_needed")])
    at = clock.now()
    rows = [
        PicturePermission(
            movement=movement, id=new_id("picture"), gathering=gathering, person=person, use=use, allowed=said.allowed,
            authority=said.authority, decided_at=at,
        )
        for use in said.uses
    ]  # fmt: skip
    store.add(session, rows)
    return rows


def pictures(session: Session, movement: str, gathering: str) -> Sequence[PicturePermission]:
    """The decisions that hold at a gathering. Raises NotFound."""
    _known(session, movement, gathering)
    latest: dict[tuple[str, str], PicturePermission] = {}
    for row in store.picture_permissions(session, movement, gathering):
        latest.setdefault((row.person, row.use), row)
    return list(latest.values())


def _refuse_unless_they_may_lead(
    session: Session, movement: str, plan: SafetyPlan, said: schemas.SafetyChanges
) -> None:
    """Raise NotAvailable where whoever is now to lead or step in may not, or not among these people."""
    named = {Act.LEADER: plan.leader, Act.DEPUTY: plan.deputy}
    team = {act: person for act, person in named.items() if person is not None}
    there = company.of_gathering(session, movement, plan.gathering).union(team.values())
    for act, person in team.items():
        if act in said.model_fields_set and not may_be(session, movement, person, act, there - {person}):
            raise NotAvailable


def call_of(movement: str, id_: str, sealed: bytes, secrets: Secrets) -> schemas.Call:
    """Whom to call by a row of emergency contacts, opened."""
    return schemas.Call.model_validate_json(secrets.open(sealed, bound_to=place_of(movement, id_)))


def _open(session: Session, movement: str, incident: str) -> Incident:
    found = store.incident(session, movement, incident, lock=True)
    if found is None:
        raise NotFound
    if found.closed_at is not None:
        raise IncidentClosed
    return found


def _shown(session: Session, movement: str, rows: Sequence[Incident], secrets: Secrets) -> list[schemas.Incident]:
    done: dict[str, list[schemas.FollowUp]] = {row.id: [] for row in rows}
    for step in store.follow_ups(session, movement, done):
        what = secrets.open(step.sealed, bound_to=place_of(movement, step.id)).decode()
        done[step.incident].append(schemas.FollowUp(what=what, by=step.by, at=step.at))
    return [
        schemas.Incident(
            id=row.id, gathering=row.gathering, kind=IncidentKind(row.kind), happened_at=row.happened_at,
            what=secrets.open(row.sealed, bound_to=place_of(movement, row.id)).decode(), reported_by=row.reported_by,
            follow_ups=done[row.id], version=row.version, created_at=row.created_at, updated_at=row.updated_at,
            closed_at=row.closed_at,
        )
        for row in rows
    ]  # fmt: skip


def _contact(row: EmergencyContact, secrets: Secrets) -> schemas.EmergencyContact:
    contact = call_of(row.movement, row.id, row.sealed, secrets)
    return schemas.EmergencyContact(
        id=row.id, slot=row.slot, person=row.person, contact=contact, created_at=row.created_at
    )


def _known(session: Session, movement: str, gathering: str) -> None:
    if gatherings.find(session, movement, gathering) is None:
        raise NotFound
