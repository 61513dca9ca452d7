"""Every SQL statement about children: ages, programmes, records and counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, Columns, page
from services.members.directory.people.ages import bands_under, born_by
from services.members.directory.people.models import Person
from services.members.trust.children.models import ChildCount, ChildProgramme, ChildRecord, ChildRule
from services.members.trust.children.rules import Ages, strictest
from services.members.trust.jurisdictions import Jurisdiction
from shared.db.hot import hot

Condition = sa.ColumnElement[bool]
Child = tuple[Person, ChildRecord | None, ChildProgramme | None]
"""Somebody, their record, and the programme that it names."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which children are wanted; None where it does not matter. ``lacking``: whose record lacks something."""

    programme: str | None = None
    review_by: date | None = None
    lacking: bool | None = None


@dataclass(frozen=True, slots=True)
class ChosenCounts:
    """Which counts are wanted; None where it does not matter. ``since`` and ``until`` are days that they reach into."""

    setting: str | None = None
    programme: str | None = None
    since: date | None = None
    until: date | None = None
    updated_since: datetime | None = None


def add(session: Session, row: ChildRule | ChildProgramme | ChildRecord | ChildCount) -> None:
    """Insert a row, by the end of the transaction."""
    session.add(row)


def rules(session: Session, movement: str) -> Sequence[ChildRule]:
    """The movement's own ages."""
    return session.scalars(sa.select(ChildRule).where(ChildRule.movement == movement)).all()


def rule_for_change(session: Session, movement: str, jurisdiction: Jurisdiction) -> ChildRule | None:
    """The movement's own ages in a jurisdiction, locked until the transaction ends."""
    return session.get(ChildRule, (movement, jurisdiction), with_for_update=True)


def programme(session: Session, movement: str, programme: str, *, locked: bool = False) -> ChildProgramme | None:
    """That a programme may name children."""
    return session.get(ChildProgramme, (movement, programme), with_for_update=locked or None)


def programmes(session: Session, movement: str, *, after: After, limit: int) -> Sequence[ChildProgramme]:
    """The programmes that may, or might once, name children."""
    query = sa.select(ChildProgramme).where(ChildProgramme.movement == movement)
    return session.scalars(page(query, ChildProgramme.programme, after, limit)).all()


def record(session: Session, movement: str, person: str, *, locked: bool = False) -> ChildRecord | None:
    """A child's record."""
    return session.get(ChildRecord, (movement, person), with_for_update=locked or None)


def child(session: Session, movement: str, person: str) -> Child | None:
    """Somebody, with their record and its programme where they have one."""
    row = session.execute(_children(movement).where(Person.id == person)).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


def programme_of(session: Session, movement: str, person: str) -> tuple[date | None, str | None]:
    """When somebody was born, and the jurisdiction of the programme that names them; None where not known."""
    row = _programme_of.one(session, {"movement": movement, "person": person})
    if row is None:
        return None, None
    return None if row[0] is None else date.fromisoformat(row[0]), row[1]


def list_children(
    session: Session,
    movement: str,
    rules: Mapping[Jurisdiction, Ages],
    today: date,
    *,
    chosen: Chosen,
    after: After,
    limit: int,
) -> Sequence[Child]:
    """Children in the order in which they became known."""
    query = _children(movement).where(_is_child(rules, today))
    if chosen.programme is not None:
        query = query.where(ChildRecord.programme == chosen.programme)
    if chosen.review_by is not None:
        query = query.where(ChildRecord.review_on <= chosen.review_by)
    if chosen.lacking is not None:
        lacking = _incomplete(rules, today)
        query = query.where(lacking if chosen.lacking else ~lacking)
    return [(row[0], row[1], row[2]) for row in session.execute(page(query, Person.id, after, limit))]


def all_children(movement: str, rules: Mapping[Jurisdiction, Ages], today: date) -> sa.Select[str]:
    """Everybody who is a child on a day, as a query."""
    return _joined(sa.select(Person.id)).where(Person.movement == movement, _is_child(rules, today))


def lacking(movement: str, rules: Mapping[Jurisdiction, Ages], today: date) -> sa.Select[str]:
    """The children whose record lacks something on a day, as a query: what all who ask about many people join."""
    return all_children(movement, rules, today).where(_incomplete(rules, today))


def count_for_change(session: Session, movement: str, count: str) -> ChildCount | None:
    """One count, locked until the transaction ends."""
    return session.get(ChildCount, (movement, count), with_for_update=True)


def list_counts(
    session: Session, movement: str, *, chosen: ChosenCounts, after: After, limit: int
) -> Sequence[ChildCount]:
    """Counts in the order in which they were entered."""
    query = sa.select(ChildCount).where(ChildCount.movement == movement)
    if chosen.setting is not None:
        query = query.where(ChildCount.setting == chosen.setting)
    if chosen.programme is not None:
        query = query.where(ChildCount.programme == chosen.programme)
    if chosen.since is not None:
        query = query.where(ChildCount.ends_on >= chosen.since)
    if chosen.until is not None:
        query = query.where(ChildCount.starts_on <= chosen.until)
    if chosen.updated_since is not None:
        query = query.where(ChildCount.updated_at >= chosen.updated_since)
    return session.scalars(page(query, ChildCount.id, after, limit)).all()


def _children(movement: str) -> sa.Select[Person, ChildRecord, ChildProgramme]:
    return _joined(sa.select(Person, ChildRecord, ChildProgramme)).where(Person.movement == movement)


def _joined(query: sa.Select[*Columns]) -> sa.Select[*Columns]:
    """People with their records and programmes, and without where they have none."""
    named = sa.and_(ChildRecord.movement == Person.movement, ChildRecord.person == Person.id)
    of = sa.and_(ChildProgramme.movement == ChildRecord.movement, ChildProgramme.programme == ChildRecord.programme)
    return query.select_from(Person).outerjoin(ChildRecord, named).outerjoin(ChildProgramme, of)


def _is_child(rules: Mapping[Jurisdiction, Ages], today: date) -> Condition:
    """That somebody is a child: where their programme takes place, or else anywhere."""
    there = [_in(where, _younger(ages.child_under, today)) for where, ages in rules.items()]
    return sa.or_(sa.and_(ChildRecord.person.is_(None), _younger(strictest(rules), today)), *there)


def _incomplete(rules: Mapping[Jurisdiction, Ages], today: date) -> Condition:
    """That a child's record is missing or lacks something: what `rules.lacks` says of one."""
    unpermitted = [_in(where, _younger(ages.permission_under, today)) for where, ages in rules.items()]
    return sa.or_(
        ChildRecord.person.is_(None),
        ChildRecord.withdrawn_on.is_not(None),
        sa.and_(ChildRecord.permission_given_on.is_(None), sa.or_(*unpermitted)),
        sa.and_(ChildProgramme.ended_on.is_not(None), ChildProgramme.ended_on <= today),
        ChildProgramme.review_on < today,
        ChildRecord.review_on < today,
    )


def _in(jurisdiction: Jurisdiction, so: Condition) -> Condition:
    return sa.and_(ChildProgramme.jurisdiction == jurisdiction, so)


def _younger(age: int, today: date) -> Condition:
    by_band = sa.and_(Person.date_of_birth.is_(None), Person.age_band.in_(bands_under(age)))
    by_birth = sa.and_(Person.date_of_birth.is_not(None), Person.date_of_birth > born_by(age, today))
    return sa.or_(by_birth, by_band)  # neither is ever NULL: the negation holds of everybody else


_programme_of = hot(
    _joined(sa.select(sa.cast(Person.date_of_birth, sa.Text), ChildProgramme.jurisdiction)).where(
        Person.movement == sa.bindparam("movement"), Person.id == sa.bindparam("person")
    )
)
