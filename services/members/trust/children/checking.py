"""What a child's record is held to, by the law of where its programme takes place: all that is wrong at once."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.members import days
from services.members.named import named
from services.members.trust.children import allowing, store
from services.members.trust.children.models import ChildProgramme, ChildRecord
from services.members.trust.children.rules import Ages, younger_than
from services.members.trust.children.schemas import ChildRecordChanges, NewChildRecord
from services.members.trust.jurisdictions import Jurisdiction
from shared.errors import Fault, Invalid


class Aged(NamedTuple):
    """How old somebody is, as far as it is known."""

    band: str
    born: date | None


def check(
    session: Session,
    movement: str,
    record: ChildRecord,
    aged: Aged,
    said: NewChildRecord | ChildRecordChanges,
    place: str,
) -> None:
    """Raise Invalid where the record may not be so, with a pointer under ``place`` for each fault.

    Whoever permits is put down by the id that they have now.
    """
    today = days.today(session, movement)
    programme = store.programme(session, movement, record.programme)
    faults = list(_of_programme(programme, today))
    if programme is not None:
        ages = allowing.in_force(session, movement)[Jurisdiction(programme.jurisdiction)]
        faults += _of_age(record, aged, ages, today)
        faults += _of_days(record, said.model_fields_set, ages, today)
    if record.parent is not None:
        found = named(session, movement, people={"/parental_permission/person": record.parent})
        faults += found.faults
        record.parent = found.at("/parental_permission/person")
    if record.parent == record.person:
        faults.append(Fault("/parental_permission/person", "nobody is their own parent", "no_authority"))
    if faults:
        raise Invalid(faults=[Fault(f"{place}{fault.pointer}", fault.reason, fault.code) for fault in faults])


def _of_programme(programme: ChildProgramme | None, today: date) -> Iterator[Fault]:
    if programme is None or (programme.ended_on is not None and programme.ended_on <= today):
        yield Fault("/programme", "is no programme that may name children", "names_no_children")
    elif programme.review_on < today:
        yield Fault("/programme", "has an impact assessment that is overdue for review", "assessment_overdue")


def _of_age(record: ChildRecord, aged: Aged, ages: Ages, today: date) -> Iterator[Fault]:
    if not younger_than(ages.child_under, aged.band, aged.born, today):
        yield Fault("", "is not known to be a child there: say how old they are, or leave this out", "not_a_child")
    elif younger_than(ages.permission_under, aged.band, aged.born, today) and record.permission_given_on is None:
        reason = f"is needed under {ages.permission_under} in {ages.jurisdiction.replace('_', ' ').title()}"
        yield Fault("/parental_permission", reason, "permission_missing")


def _of_days(record: ChildRecord, sent: set[str], ages: Ages, today: date) -> Iterator[Fault]:
    if "own_yes_on" in sent and record.own_yes_on > today:
        yield Fault("/own_yes_on", "is in the future", "in_the_future")
    given_on = record.permission_given_on
    if "parental_permission" in sent and given_on is not None and given_on > today:
        yield Fault("/parental_permission/given_on", "is in the future", "in_the_future")
    if "review_on" in sent and record.review_on <= today:
        yield Fault("/review_on", "is not after today", "in_the_past")
    elif "review_on" in sent and record.review_on > today + timedelta(days=ages.review_days):
        yield Fault("/review_on", f"is more than {ages.review_days} days ahead", "too_far_ahead")
