"""Every SQL statement about sealed records, whatever they are of: sealed on the way in, opened on the way out."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After
from services.members.directory.people.store import ids_of
from services.members.trust.safeguarding.models import RING, Record, SealedRow, Term
from shared.db.session import ring

R = TypeVar("R", bound=Record)

_SLICE = 500


def add(session: Session, movement: str, table: type[SealedRow], record: Record) -> None:
    """Seal a new record, and note whom it is looked up by."""
    keys = ring(session, RING)
    row = table()
    row.movement, row.id, row.version = movement, record.id, record.version
    row.sealed = keys.seal(msgspec.json.encode(record), bound_to=_place(table, movement, record.id))
    session.add(row)
    _note_terms(session, movement, table, record)
    session.flush()


def change(session: Session, movement: str, table: type[SealedRow], record: Record) -> None:
    """Seal a record anew, as its next version, and note anew what it is looked up by."""
    record.version += 1
    _seal_anew(session, movement, table, record)


def reseal(session: Session, movement: str, table: type[SealedRow], kind: type[R], id_: str) -> None:
    """Seal a record with the newest key, and note by that what it is looked up by. It stays the version that it is."""
    record = for_change(session, movement, table, kind, id_)
    if record is not None:
        _seal_anew(session, movement, table, record)


def sealed_by_older_keys(session: Session, table: type[SealedRow], limit: int) -> Sequence[tuple[str, str]]:
    """Movement and id of the next rows that the newest key did not seal."""
    mark = ring(session, RING).mark
    begins = sa.func.substr(table.sealed, 1, len(mark), type_=sa.LargeBinary)
    query = sa.select(table.movement, table.id).where(begins != mark).order_by(table.movement, table.id).limit(limit)
    return [(movement, id_) for movement, id_ in session.execute(query)]


def delete(session: Session, movement: str, table: type[SealedRow], id_: str) -> None:
    """Delete a record, and what it is looked up by."""
    session.execute(sa.delete(Term).where(Term.movement == movement, Term.record == id_))
    session.execute(sa.delete(table).where(table.movement == movement, table.id == id_))


def movements(session: Session, tables: Iterable[type[SealedRow]]) -> Sequence[str]:
    """The movements that have records in any of these tables."""
    return sorted({movement for table in tables for movement in session.scalars(sa.select(table.movement).distinct())})


def _seal_anew(session: Session, movement: str, table: type[SealedRow], record: Record) -> None:
    sealed = ring(session, RING).seal(msgspec.json.encode(record), bound_to=_place(table, movement, record.id))
    session.execute(
        sa.update(table)
        .where(table.movement == movement, table.id == record.id)
        .values(sealed=sealed, version=record.version)
        .execution_options(synchronize_session=False)
    )
    session.execute(sa.delete(Term).where(Term.movement == movement, Term.record == record.id))
    _note_terms(session, movement, table, record)
    session.flush()


def find(session: Session, movement: str, table: type[SealedRow], kind: type[R], id_: str) -> R | None:
    """One record."""
    row = session.get(table, (movement, id_))
    return None if row is None else _opened(session, table, kind, row.movement, row.id, row.sealed)


def for_change(session: Session, movement: str, table: type[SealedRow], kind: type[R], id_: str) -> R | None:
    """One record, locked until the transaction ends."""
    row = session.get(table, (movement, id_), with_for_update=True, populate_existing=True)
    return None if row is None else _opened(session, table, kind, row.movement, row.id, row.sealed)


def page(
    session: Session,
    movement: str,
    table: type[SealedRow],
    kind: type[R],
    *,
    wanted: Callable[[R], bool],
    after: After,
    limit: int,
) -> Sequence[R]:
    """The next records that are wanted, in the order of their making.

    What they are chosen by is sealed with the rest, so they are opened one after another until there are enough.
    """
    found: list[R] = []
    for record in _all(session, movement, table, kind, after):
        if wanted(record):
            found.append(record)
        if len(found) == limit:
            break
    return found


def every(session: Session, movement: str, table: type[SealedRow], kind: type[R]) -> Iterator[R]:
    """All records of a table, in the order of their making."""
    return _all(session, movement, table, kind, None)


def about(session: Session, movement: str, table: type[SealedRow], kind: type[R], person: str) -> Sequence[R]:
    """The records that a person is in, by whichever id they ever had, in the order of their making."""
    return under(session, movement, table, kind, ids_of(session, movement, person))


def under(
    session: Session, movement: str, table: type[SealedRow], kind: type[R], looked_up_by: Iterable[str]
) -> Sequence[R]:
    """The records that are looked up by any of these, in the order of their making."""
    keys = ring(session, RING)
    terms = [blinded for text in looked_up_by for blinded in keys.blinds(_term(table, movement, text))]
    named = sa.select(Term.record).where(Term.movement == movement, Term.term.in_(terms))
    query = sa.select(table.movement, table.id, table.sealed).where(table.movement == movement, table.id.in_(named))
    return [_opened(session, table, kind, *row) for row in session.execute(query.order_by(table.id))]


def next_of(records: Sequence[R], wanted: Callable[[R], bool], after: After, limit: int) -> Sequence[R]:
    """The next of some records that are wanted: a page of what was looked up."""
    last = "" if after is None else str(after[0])
    return [each for each in records if each.id > last and wanted(each)][:limit]


def _all(session: Session, movement: str, table: type[SealedRow], kind: type[R], after: After) -> Iterator[R]:
    last = "" if after is None else str(after[0])
    while True:
        query = sa.select(table.movement, table.id, table.sealed).where(table.movement == movement, table.id > last)
        rows = session.execute(query.order_by(table.id).limit(_SLICE)).all()
        for row in rows:
            yield _opened(session, table, kind, *row)
        if len(rows) < _SLICE:
            return
        last = rows[-1].id


def _note_terms(session: Session, movement: str, table: type[SealedRow], record: Record) -> None:
    keys = ring(session, RING)
    for text in {*record.people(), *record.others()}:
        session.add(Term(movement=movement, term=keys.blind(_term(table, movement, text)), record=record.id))


def _opened(session: Session, table: type[SealedRow], kind: type[R], movement: str, id_: str, sealed: bytes) -> R:
    return msgspec.json.decode(ring(session, RING).open(sealed, bound_to=_place(table, movement, id_)), type=kind)


def _place(table: type[SealedRow], movement: str, id_: str) -> bytes:
    """What a record is bound to: no row can be put into another's place."""
    return f"{table.__tablename__}\n{movement}\n{id_}".encode()


def _term(table: type[SealedRow], movement: str, text: str) -> str:
    return f"{table.__tablename__}\n{movement}\n{text}"
