"""What a rule does to the records that are due: a slice at a time, each finding by itself what is left.

A slice leaves nothing that refers to what is gone: a process that is killed between two goes on with the next.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.directory.merging import references
from services.members.directory.merging.references import MOVEMENT
from services.members.directory.people.models import Person
from services.members.erasing import Emptied, GoesWith
from services.members.trust.erasures import domain as erasures
from services.members.trust.erasures import fates
from services.members.trust.erasures.models import Verified
from services.members.trust.erasures.schemas import NewErasure
from services.members.trust.retention import store
from services.members.trust.retention.due import Applied, Condition, emptied, free, names
from services.members.trust.retention.kinds import Action, Kind
from services.members.trust.retention.models import STANDS_IN, RetentionStandIn
from shared import clock
from shared.erasure.marks import ERASED
from shared.erasure.store import forget_answers
from shared.ids import new_id
from shared.secrets import Secrets

_ROWS_A_SLICE = 200
_ERASED_A_SLICE = 5
"""An erasure begins with all that is known of somebody, and every service is told."""


def apply_some(session: Session, movement: str, rule: Applied, secrets: Secrets) -> int:
    """Do to the next slice of what is due what the rule says. Answers how many records it was."""
    table, limit = rule.table, _ERASED_A_SLICE if rule.action is Action.ERASE else _ROWS_A_SLICE
    key = list(table.primary_key)
    some = sa.select(*key).where(free(session, movement, rule)).order_by(*key).limit(limit).with_for_update(of=table)
    rows = session.execute(some).all()
    if rows and rule.action is Action.ERASE:
        for row in rows:
            _erase(session, movement, row.id, secrets)
    elif rows:
        these = sa.tuple_(*key).in_([tuple(row) for row in rows])
        _APPLIED[rule.action](session, movement, rule.kind, these)
        if "id" in table.c:
            forget_answers(session, movement, {row.id for row in rows})
    return len(rows)


def _delete(session: Session, movement: str, kind: Kind, these: Condition) -> None:
    _delete_hanging(session, movement, kind, these)
    session.execute(sa.delete(references.table(kind.table)).where(these))


def _empty(session: Session, movement: str, kind: Kind, these: Condition) -> None:
    """Take out whom the records name, as erasing them would; what says nothing without them goes, as it would then."""
    _delete_hanging(session, movement, kind, these)
    table = references.table(kind.table)
    for said in emptied(table):
        if not isinstance(said.fate, Emptied):
            continue
        values: dict[str, str | None] = {said.column.name: None}
        values |= {name: None if table.c[name].nullable else ERASED for name in said.fate.also}
        stays = these
        if said.fate.where is not None:
            column, value = said.fate.where
            session.execute(sa.delete(table).where(these, table.c[column] != value))
            stays = sa.and_(these, table.c[column] == value)
        session.execute(sa.update(table).where(stays).values(values))


def _pseudonymise(session: Session, movement: str, kind: Kind, these: Condition) -> None:
    """Let somebody who is nobody stand in for each person whom the records name: the same one throughout a run."""
    _delete_hanging(session, movement, kind, these)
    table = references.table(kind.table)
    for name in names(kind):
        named = sa.select(table.c[name]).where(these, table.c[name].is_not(None)).distinct()
        for person, stand_in in _stand_ins(session, movement, session.scalars(named).all()).items():
            changed = sa.update(table).where(these, table.c[name] == person).values({name: stand_in})
            session.execute(changed)


_APPLIED: Mapping[Action, Callable[[Session, str, Kind, Condition], None]] = {
    Action.DELETE: _delete,
    Action.EMPTY: _empty,
    Action.PSEUDONYMISE: _pseudonymise,
}


def _stand_ins(session: Session, movement: str, people: Sequence[str]) -> dict[str, str]:
    found = store.stand_ins(session, movement, people)
    for person in people:
        if person not in found:
            found[person] = new_id("person")
            session.add(RetentionStandIn(movement=movement, person=person, stand_in=found[person]))
            session.add(_nobody(movement, found[person]))
    session.flush()
    return found


def _nobody(movement: str, id: str) -> Person:
    """A blank record that nobody sees, as erasing leaves one where a sum needs it."""
    at = clock.now()
    return Person(
        movement=movement, id=id, version=1, given_name=ERASED, languages=[], contact_preference=[],
        age_band="not_asked", hidden_by=STANDS_IN, created_at=at, updated_at=at,
    )  # fmt: skip


def _erase(session: Session, movement: str, person: str, secrets: Secrets) -> None:
    """Begin the erasure of somebody: it goes through every service, and its receipts are its own."""
    asked = erasures.ask(session, movement, NewErasure(person=person), secrets)
    erasures.verify(session, movement, asked.id, Verified.PERIOD_OVER, None)
    erasures.begin(session, movement, asked.id, [], None, secrets)


def _delete_hanging(session: Session, movement: str, kind: Kind, these: Condition) -> None:
    for table in fates.children_first():
        if table.name in kind.tables[1:]:
            hanging = list(_hanging(table, movement, kind, these))
            session.execute(sa.delete(table).where(table.c[MOVEMENT] == movement, sa.or_(*hanging)))


def _hanging(table: sa.Table, movement: str, kind: Kind, these: Condition) -> Iterator[Condition]:
    """Which rows of a table hang on these records: by a foreign key, or by the id of the row that they go with."""
    for reference in references.references_from(table.name):
        if reference.held_to and reference.parent in kind.tables and reference.parent != table.name:
            pairs = reference.columns.items()
            yield _of_parent(reference.parent, movement, kind, these, {table.c[name]: of for name, of in pairs})
    for said in fates.of_kind(GoesWith):
        if said.table is table and isinstance(said.fate, GoesWith) and said.fate.table in kind.tables:
            yield _of_parent(said.fate.table, movement, kind, these, {said.column: "id"})


def _of_parent(
    parent: str, movement: str, kind: Kind, these: Condition, columns: Mapping["sa.Column[object]", str]
) -> Condition:
    table = references.table(parent)
    going = these if parent == kind.table else sa.or_(*_hanging(table, movement, kind, these))
    keys = sa.select(*(table.c[of] for of in columns.values())).where(table.c[MOVEMENT] == movement, going)
    return sa.tuple_(*columns).in_(keys) if len(columns) > 1 else next(iter(columns)).in_(keys)
