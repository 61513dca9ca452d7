"""Every SQL statement about the glossary."""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.glossary.models import Word
from services.measures.measures.models import MeasureVersion


def add(session: Session, word: Word) -> None:
    """Insert a word."""
    session.add(word)
    session.flush()


def find(session: Session, movement: str, word: str, *, locked: bool = False) -> Word | None:
    """One word, or None."""
    return session.get(Word, (movement, word), with_for_update=locked or None)


def same(session: Session, movement: str, folded: str) -> str | None:
    """The id of the word that is written so, in lower case."""
    return session.scalar(sa.select(Word.id).where(Word.movement == movement, Word.folded == folded))


def delete(session: Session, word: Word) -> None:
    """Delete a word."""
    session.delete(word)


def page(session: Session, movement: str, *, q: str | None, after: str, limit: int) -> Sequence[Word]:
    """Words in the order of the alphabet, behind the one that is written as `after`."""
    query = sa.select(Word).where(Word.movement == movement, Word.folded > after)
    if q is not None:
        query = query.where(Word.folded.contains(q.lower(), autoescape=True))
    return session.scalars(query.order_by(Word.folded).limit(limit)).all()


def known_versions(session: Session, movement: str, versions: Collection[str]) -> set[str]:
    """Those of the versions that the movement has."""
    query = sa.select(MeasureVersion.id).where(MeasureVersion.movement == movement, MeasureVersion.id.in_(versions))
    return set(session.scalars(query))
