"""Every statement that erases rows: what goes is deleted a slice at a time, and what stays is emptied.

A slice leaves nothing that refers to what is gone, and finds by itself what is left: a process that is killed between
two goes on with the next.
"""

from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.directory.merging.references import MOVEMENT
from services.members.directory.people.models import Person
from services.members.engagement.memberships.models import Membership
from services.members.erasing import Emptied
from services.members.trust.erasures import fates
from services.members.trust.erasures.fates import Leaving
from shared.erasure.marks import ERASED
from shared.erasure.store import forget_answers

ROWS_A_SLICE = 200
NOT_HELD = frozenset(
    {"people", "merged_people", "person_emails", "person_phones", "person_name_words", "merges", "merge_steps"}
)
"""What says who somebody is: there is no reason to hold that."""


class Count(NamedTuple):
    """What becomes of the rows of a table."""

    kind: str
    erased: int
    emptied: int
    may_be_held: bool


def erase_some(session: Session, movement: str, leaving: Leaving) -> int:
    """Delete the next slice of what goes, with the answers that were kept about it. Answers how many rows it was."""
    for table in fates.children_first():
        going = fates.going(table, movement, leaving)
        if going is None:
            continue
        key = list(table.primary_key)
        some = session.execute(sa.select(*key).where(going).limit(ROWS_A_SLICE)).all()
        if some:
            session.execute(sa.delete(table).where(sa.tuple_(*key).in_([tuple(row) for row in some])))
            if "id" in table.c:
                forget_answers(session, movement, {str(row.id) for row in some})
            return len(some)
    return 0


def empty(session: Session, movement: str, leaving: Leaving) -> int:
    """Empty what names them in rows that stay; some refer to their own, which can only go then. Answers how many."""
    emptied = 0
    for said in fates.of_kind(Emptied):
        if isinstance(said.fate, Emptied):
            also = {name: None if said.table.c[name].nullable else ERASED for name in said.fate.also}
            named = sa.update(said.table).where(fates.staying(said, movement, leaving))
            changed = session.scalars(named.values({said.column.name: None} | also).returning(said.table.c[MOVEMENT]))
            emptied += len(changed.all())
    return emptied


def blank(session: Session, movement: str, person: str, erasure: str) -> None:
    """Hide somebody's own row from everything, as an import does, and let nothing stand in it: it may be needed longer.

    What is held, and sums that must stay what they are, refer to it.
    """
    values: dict[str, object] = {
        "given_name": ERASED, "languages": [], "contact_preference": [], "hidden_by": erasure,
    }  # fmt: skip
    values |= dict.fromkeys(("family_name", "known_as", "postcode", "date_of_birth", "access_needs"))
    session.execute(sa.update(Person).where(Person.movement == movement, Person.id == person).values(values))


def is_there(session: Session, movement: str, person: str) -> bool:
    """Whether somebody can still be seen."""
    people = Person.__table__.c
    query = sa.select(people.id).where(people.movement == movement, people.id == person, people.hidden_by.is_(None))
    return session.execute(query).first() is not None


def membership(session: Session, movement: str, person: str) -> str | None:
    """The id of somebody's membership."""
    query = sa.select(Membership.id).where(Membership.movement == movement, Membership.person == person)
    return session.scalar(query)


def counted(session: Session, movement: str, leaving: Leaving) -> list[Count]:
    """What erasing would do, table by table, by reading alone."""
    found: list[Count] = []
    for table in fates.children_first():
        going = fates.named(table, movement, leaving)
        erased = 0 if going is None else _count(session, table, going)
        emptied = sum(
            _count(session, table, fates.staying(said, movement, leaving))
            for said in fates.of_kind(Emptied)
            if said.table is table
        )
        if erased or emptied:
            found.append(Count(table.name, erased, emptied, table.name not in NOT_HELD))
    return sorted(found)


def _count(session: Session, table: sa.Table, where: sa.ColumnElement[bool]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(table).where(where)) or 0
