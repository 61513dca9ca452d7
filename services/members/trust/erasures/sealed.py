"""Taking somebody out of words that stand sealed in rows of others: they are opened, and sealed again without them.

Which columns hold such words they say themselves (:func:`services.members.erasing.sealed_words`). The records of
safeguarding are under keys of their own and no part of this.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.directory.merging import references
from services.members.erasing import SEALED, SealedWords
from shared.erasure.counting import Counted
from shared.erasure.marks import Finder
from shared.secrets import Secrets

_AT_ONCE = 500
_ROWS_A_SLICE = 50


class Words(NamedTuple):
    """A column of sealed words, and what it says of them."""

    table: sa.Table
    column: "sa.Column[bytes]"
    said: SealedWords


def columns() -> Iterator[Words]:
    """Every column that says that it holds sealed words."""
    for table in references.tables():
        for column in table.columns:
            if SEALED in column.info:
                yield Words(table, column, column.info[SEALED])


async def sweep(db: Counted, movement: str, finder: Finder, secrets: Secrets) -> None:
    """Take somebody out of all sealed words."""
    for words in columns():
        ids, after = await db.read(_speaking_of, movement, words, "", finder, secrets)
        while after is not None:
            for start in range(0, len(ids), _ROWS_A_SLICE):
                some = ids[start : start + _ROWS_A_SLICE]
                await db.erase(_take_out, movement, words, some, finder, secrets)
            ids, after = await db.read(_speaking_of, movement, words, after, finder, secrets)


def _speaking_of(
    session: Session, movement: str, words: Words, after: str, finder: Finder, secrets: Secrets
) -> tuple[Sequence[str], str | None]:
    """Of the next rows those that speak of somebody, and the last one looked at: None where there are no more."""
    id_ = words.table.c.id
    query = sa.select(id_, words.column).where(
        words.table.c[references.MOVEMENT] == movement, id_ > after, words.column.is_not(None)
    )
    rows = session.execute(query.order_by(id_).limit(_AT_ONCE)).all()
    speaking = [row[0] for row in rows if _without(movement, words, row[0], row[1], finder, secrets) is not None]
    return speaking, rows[-1][0] if rows else None


def _take_out(
    session: Session, movement: str, words: Words, ids: Sequence[str], finder: Finder, secrets: Secrets
) -> int:
    """Change the rows that speak of somebody, as they are by now."""
    changed = 0
    for id_ in ids:
        here = (words.table.c[references.MOVEMENT] == movement, words.table.c.id == id_)
        sealed = session.scalar(sa.select(words.column).where(*here).with_for_update())
        without = None if sealed is None else _without(movement, words, id_, sealed, finder, secrets)
        if without is None:
            continue
        if words.said.goes:
            session.execute(sa.delete(words.table).where(*here))
        else:
            again = secrets.seal(without.encode(), bound_to=words.said.place(movement, id_))
            session.execute(sa.update(words.table).where(*here).values({words.column: again}))
        changed += 1
    return changed


def _without(movement: str, words: Words, id_: str, sealed: bytes, finder: Finder, secrets: Secrets) -> str | None:
    """The words without somebody; None where they do not speak of them."""
    text = secrets.open(sealed, bound_to=words.said.place(movement, id_)).decode()
    without = finder.without(text)
    return None if without == text else without
