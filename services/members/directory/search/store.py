"""Every SQL statement of the search. All are the same on both databases and need no extension of either."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.orm import Session

from services.members.directory.organisations.models import Organisation, OrganisationWord
from services.members.directory.people import names
from services.members.directory.people.models import NameWord, Person
from services.members.directory.search.models import Trigram
from shared.db.hot import hot

# SQLite compiles the same clause from it.
_add = hot(postgresql.insert(Trigram).on_conflict_do_nothing())

_is_known = hot(
    sa.select(Trigram.word).where(
        Trigram.movement == sa.bindparam("movement"),
        Trigram.trigram == sa.bindparam("trigram"),
        Trigram.word == sa.bindparam("word"),
    )
)


class Named(NamedTuple):
    """Somebody or something that was found: the id, the name, what else it is called, and where it is."""

    id: str
    name: str
    known_as: str | None
    postcode: str | None


@dataclass(frozen=True, slots=True)
class Sought:
    """What one word of a query may stand for: words that begin with ``start``, unless it is None, and ``words``."""

    start: str | None
    words: Collection[str] = ()


class _Words(NamedTuple):
    """Where the words of a noun's names are."""

    movement: sa.SQLColumnExpression[str]
    word: sa.SQLColumnExpression[bytes]
    holder: sa.SQLColumnExpression[str]


_PEOPLE = _Words(NameWord.movement, NameWord.word, NameWord.person)
_ORGANISATIONS = _Words(OrganisationWord.movement, OrganisationWord.word, OrganisationWord.organisation)


def learn(session: Session, movement: str, words: Iterable[str]) -> None:
    """Let these words be found by their misspellings too, from the end of the transaction on.

    Most names are had by somebody already: one look-up spares the writing of a row for each of their trigrams.
    """
    for word in words:
        encoded, trigrams = word.encode(), names.trigrams(word)
        if _is_known.one(session, {"movement": movement, "trigram": trigrams[0], "word": encoded}) is None:
            for trigram in trigrams:
                _add.later(session, {"movement": movement, "trigram": trigram, "word": encoded})


def forget(session: Session, movement: str, words: Collection[str]) -> None:
    """Forget those of the words that nobody is called any more: a rare name would tell that somebody was here."""
    if not words:
        return
    encoded = [word.encode() for word in words]
    gone = sa.delete(Trigram).where(Trigram.movement == movement, Trigram.word.in_(encoded))
    for table in (_PEOPLE, _ORGANISATIONS):
        in_use = sa.select(table.word).where(table.movement == movement, table.word.in_(encoded))
        gone = gone.where(Trigram.word.not_in(in_use))
    session.execute(gone)


def resembling(session: Session, movement: str, word: str, *, sharing: int, limit: int) -> list[str]:
    """The movement's words that share that many trigrams with a word, those that share most first."""
    shared = sa.func.count()
    query = (
        sa.select(Trigram.word)
        .where(Trigram.movement == movement, Trigram.trigram.in_(names.trigrams(word)))
        .group_by(Trigram.word)
        .having(shared >= sharing)
        .order_by(shared.desc(), Trigram.word)
        .limit(limit)
    )
    return [found.decode() for found in session.scalars(query)]


def people(session: Session, movement: str, sought: Sequence[Sought], limit: int) -> list[Named]:
    """People of whose names one word is sought for each; in no certain order."""
    called = sa.func.trim(Person.given_name + " " + sa.func.coalesce(Person.family_name, ""))
    query = sa.select(Person.id, called, Person.known_as, Person.postcode).where(Person.movement == movement)
    query = query.where(Person.id.in_(_holders(_PEOPLE, movement, sought, limit)))
    return [Named(*row) for row in session.execute(query)]


def organisations(session: Session, movement: str, sought: Sequence[Sought], limit: int) -> list[Named]:
    """The same of organisations."""
    query = sa.select(Organisation.id, Organisation.name, sa.null(), Organisation.postcode)
    query = query.where(Organisation.movement == movement)
    query = query.where(Organisation.id.in_(_holders(_ORGANISATIONS, movement, sought, limit)))
    return [Named(*row) for row in session.execute(query)]


def _holders(table: _Words, movement: str, sought: Sequence[Sought], limit: int) -> sa.Select[str]:
    """Who has one of each, at most so many. The longest word drives the query, for it is the rarest."""
    first, *others = sorted(sought, key=lambda each: -len(each.start or max(each.words, key=len)))
    driving = _having(table, movement, first).subquery()
    query = sa.select(driving.c.holder)
    for each in others:
        query = query.where(driving.c.holder.in_(_having(table, movement, each)))
    return query.distinct().limit(limit)


def _having(table: _Words, movement: str, sought: Sought) -> sa.CompoundSelect[str]:
    """Who has a word that is sought. Its two ways are joined, and not an OR, which would read every word there is."""
    ways: list[sa.ColumnElement[bool]] = []
    if sought.words:
        ways.append(table.word.in_([word.encode() for word in sought.words]))
    if sought.start is not None:
        start = sought.start.encode()
        # No UTF-8 text holds the byte 255: the range is all that begins so.
        ways.append(sa.and_(table.word >= start, table.word < start + b"\xff"))
    return sa.union_all(
        *(sa.select(table.holder.label("holder")).where(table.movement == movement, way) for way in ways)
    )
