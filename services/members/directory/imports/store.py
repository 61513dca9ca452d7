"""Every SQL statement about imports, and about the people that they hide."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import HOLDS_PERSON, After, Base, page
from services.members.directory.custom_fields.models import CustomField, Noun
from services.members.directory.imports.models import PeopleImport, Standing
from services.members.directory.people.models import NameWord, Person
from services.members.trust.permissions.models import Decision, Permission, Stop

# The bare table, of which queries see everybody.
_people = Base.metadata.tables[Person.__tablename__]


def add(session: Session, row: PeopleImport) -> None:
    """Insert an import, at once."""
    session.add(row)
    session.flush()


def find(session: Session, movement: str, job: str) -> PeopleImport | None:
    """An import of the movement."""
    return session.get(PeopleImport, (movement, job))


def list_imports(session: Session, movement: str, *, after: After, limit: int) -> Sequence[PeopleImport]:
    """Imports in the order in which they were asked for, those after ``after`` first."""
    query = sa.select(PeopleImport).where(PeopleImport.movement == movement)
    return session.scalars(page(query, PeopleImport.id, after, limit)).all()


def reveal(session: Session, movement: str, job: str, at: datetime) -> None:
    """Show all people of an import at once."""
    one = (PeopleImport.movement == movement) & (PeopleImport.id == job)
    session.execute(sa.update(PeopleImport).where(one).values(revealed_at=at))


def staged(session: Session, movement: str, job: str, limit: int) -> Sequence[str]:
    """The ids of some people that an import has written and that are still marked so."""
    one = (_people.c.movement == movement) & (_people.c.hidden_by == job)
    return session.scalars(sa.select(_people.c.id).where(one).order_by(_people.c.id).limit(limit)).all()


def unmark(session: Session, movement: str, people: Collection[str]) -> None:
    """Take the mark from people who are revealed: they are like any others."""
    some = (_people.c.movement == movement) & (_people.c.id.in_(people))
    session.execute(sa.update(_people).where(some).values(hidden_by=None))


def words(session: Session, movement: str, people: Collection[str]) -> Sequence[str]:
    """The words that people are found by."""
    query = sa.select(NameWord.word).where(NameWord.movement == movement, NameWord.person.in_(people))
    return [bytes(word).decode() for word in session.scalars(query.distinct())]


def forget(session: Session, movement: str, people: Collection[str]) -> None:
    """Delete people of whom nobody knows, with all that was written of them."""
    for table in reversed(Base.metadata.sorted_tables):
        for column in _of_person(table):
            session.execute(sa.delete(table).where(table.c.movement == movement, column.in_(people)))
    session.execute(sa.delete(_people).where(_people.c.movement == movement, _people.c.id.in_(people)))


def custom_fields(session: Session, movement: str, keys: Collection[str]) -> Sequence[CustomField]:
    """The custom fields of people that have these keys."""
    query = sa.select(CustomField).where(CustomField.movement == movement, CustomField.noun == Noun.PERSON)
    return session.scalars(query.where(CustomField.key.in_(keys))).all()


def _of_person(table: sa.Table) -> Sequence[sa.Column[str]]:
    """The column by which a table's rows belong to a person, or are about one who has no other way to be found."""
    if table is _people or "person" not in table.c:
        return ()
    column = table.c["person"]
    refers = any(key.column.table is _people for key in column.foreign_keys)
    return (column,) if refers or column.info.get("holds") == HOLDS_PERSON["holds"] else ()


def standing(session: Session, movement: str, people: Collection[str]) -> Mapping[str, Standing]:
    """What these people decided so far. Of two decisions of one moment the refusal holds."""
    query = sa.select(Permission.person, Permission.purpose, Permission.channel, Permission.decision).where(
        Permission.movement == movement, Permission.person.in_(people)
    )
    in_order = query.order_by(Permission.decided_at, Permission.decision == Decision.REFUSED)
    decided: dict[str, dict[tuple[str, str], str]] = {}
    for person, purpose, channel, decision in session.execute(in_order):
        decided.setdefault(person, {})[purpose, channel] = decision
    stops = sa.select(Stop.person).where(Stop.movement == movement, Stop.person.in_(people))
    stopped = set(session.scalars(stops))
    return {person: Standing(decided.get(person, {}), person in stopped) for person in people}
