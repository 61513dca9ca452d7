"""A child's record: made with the child or for somebody who turns out to be one, looked at again, withdrawn.

Whether somebody is a child, and what of them is recorded here, is told on no log.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members import days
from services.members.base import After
from services.members.directory.people import store as people
from services.members.trust.children import allowing, store
from services.members.trust.children.checking import Aged, check
from services.members.trust.children.models import NO_CHILD_FROM, ChildRecord, Lack
from services.members.trust.children.rules import lacks, strictest, younger_than
from services.members.trust.children.schemas import ChildRecordChanges, NewChildRecord, ParentalPermission
from services.members.trust.children.store import Chosen
from services.members.trust.jurisdictions import Jurisdiction
from shared import clock
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound


class ChildRecordMissing(Invalid):
    """A child is named only in a programme that may, with their own yes; else they are counted by their setting."""

    code = "child_record_missing"
    title = "A child is named only with a child's record"
    what_to_do = (
        "send `child` with a programme that may name children, or count them by their setting: POST /v1/children/counts"
    )


class HasRecord(Conflict):
    """A record is changed, not made twice."""

    code = "has_record"
    title = "This child has a record already"


class Named(NamedTuple):
    """Somebody who is a child: their age band, their record where there is one, and what it lacks."""

    person: str
    band: str
    record: ChildRecord | None
    lacks: Sequence[Lack]


def name_child(session: Session, movement: str, person: str, aged: Aged, said: NewChildRecord | None) -> None:
    """Hold somebody who comes to be known to what a named child needs; an adult needs nothing.

    ``said`` is what the request says under ``child``. Raises ChildRecordMissing and Invalid.
    """
    if said is not None:
        _record(session, movement, person, aged, said, "/child")
    elif is_child(session, movement, aged):
        fault = Fault("/child", "is needed of a child", ChildRecordMissing.code)
        raise ChildRecordMissing(ChildRecordMissing.what_to_do, faults=[fault])


def is_child(session: Session, movement: str, aged: Aged) -> bool:
    """Whether somebody of whom it is not known where they take part is a child today.

    The movement's own ages are looked up for those alone whom the highest that there can be makes a child.
    """
    today = days.today(session, movement)
    if not younger_than(NO_CHILD_FROM, aged.band, aged.born, today):
        return False
    return younger_than(strictest(allowing.in_force(session, movement)), aged.band, aged.born, today)


def enter(session: Session, movement: str, person: str, said: NewChildRecord) -> ChildRecord:
    """Make the record of a child who is known already. Raises NotFound, HasRecord and Invalid."""
    found = _child(session, movement, person)
    if store.record(session, movement, found[0].id) is not None:
        raise HasRecord
    aged = Aged(found[0].age_band, found[0].date_of_birth)
    return _record(session, movement, found[0].id, aged, said, "")


def change(session: Session, movement: str, person: str, said: ChildRecordChanges, expected: int | None) -> ChildRecord:
    """Change a record, such as after its review. Raises NotFound, PreconditionFailed and Invalid."""
    found = _child(session, movement, person)
    record = _held(session, movement, found[0].id, expected)
    if said.programme is not None:
        record.programme = said.programme
    if said.own_yes_on is not None:
        record.own_yes_on = said.own_yes_on
        if record.withdrawn_on is not None and said.own_yes_on > record.withdrawn_on:
            record.withdrawn_on = None
    if "parental_permission" in said.model_fields_set:
        _permit(record, said.parental_permission)
    if said.review_on is not None:
        record.review_on = said.review_on
    check(session, movement, record, Aged(found[0].age_band, found[0].date_of_birth), said, "")
    record.changed(clock.now())
    return record


def withdraw(session: Session, movement: str, person: str, on: date | None, expected: int | None) -> ChildRecord:
    """The child, or whoever permitted it, no longer says yes: from now on nothing is sent to or shown of them.

    Raises NotFound, PreconditionFailed, AlreadyWithdrawn, and Invalid for a day to come.
    """
    record = _held(session, movement, people.present_id(session, movement, person), expected)
    today = days.today(session, movement)
    if on is not None and on > today:
        raise Invalid(faults=[Fault("/on", "is in the future", "in_the_future")])
    record.withdraw(on or today, clock.now())
    return record


def read(session: Session, movement: str, person: str) -> ChildRecord:
    """A child's record. Raises NotFound."""
    record = store.record(session, movement, people.present_id(session, movement, person))
    if record is None:
        raise NotFound
    return record


def list_children(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> Sequence[Named]:
    """Everybody who is a child, with what their record lacks, in the order in which they became known."""
    today, ages = days.today(session, movement), allowing.in_force(session, movement)
    found = store.list_children(session, movement, ages, today, chosen=chosen, after=after, limit=limit)
    return [
        Named(
            person.id,
            person.age_band,
            record,
            lacks(record, programme, ages, band=person.age_band, born=person.date_of_birth, today=today),
        )
        for person, record, programme in found
    ]


def standing(session: Session, movement: str, person: str, on: date) -> Sequence[Lack] | None:
    """What the record of a child lacks on a day; None for whoever is no child, or nobody of the movement."""
    found = store.child(session, movement, person)
    if found is None:
        return None
    who, record, programme = found
    ages = allowing.in_force(session, movement)
    under = strictest(ages) if programme is None else ages[Jurisdiction(programme.jurisdiction)].child_under
    if not younger_than(under, who.age_band, who.date_of_birth, on):
        return None
    return lacks(record, programme, ages, band=who.age_band, born=who.date_of_birth, today=on)


def _child(session: Session, movement: str, person: str) -> store.Child:
    found = store.child(session, movement, people.present_id(session, movement, person))
    if found is None:
        raise NotFound
    return found


def _held(session: Session, movement: str, person: str, expected: int | None) -> ChildRecord:
    record = store.record(session, movement, person, locked=True)
    if record is None:
        raise NotFound
    hold_to(record.version, expected)
    return record


def _record(session: Session, movement: str, person: str, aged: Aged, said: NewChildRecord, place: str) -> ChildRecord:
    at = clock.now()
    record = ChildRecord(
        movement=movement,
        person=person,
        programme=said.programme,
        own_yes_on=said.own_yes_on,
        review_on=said.review_on,
        withdrawn_on=None,
        version=1,
        recorded_at=at,
        updated_at=at,
    )
    _permit(record, said.parental_permission)
    check(session, movement, record, aged, said, place)
    store.add(session, record)
    return record


def _permit(record: ChildRecord, said: ParentalPermission | None) -> None:
    notice = None if said is None else said.notice
    record.parent = None if said is None else said.person
    record.parent_name = None if said is None else said.name
    record.permission_given_on = None if said is None else said.given_on
    record.permission_notice = None if notice is None else notice.name
    record.permission_notice_version = None if notice is None else notice.version
    record.permission_notice_language = None if notice is None else notice.language
