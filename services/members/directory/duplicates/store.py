"""Every SQL statement about duplicates."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After
from services.members.directory.duplicates.models import DuplicateCandidate, DuplicateRules, DuplicateSearch, MatchKey
from services.members.directory.duplicates.nouns import Noun
from services.members.directory.duplicates.scoring import Likeness
from shared.db.hot import Value, hot

MOST_SHARING = 50
"""What more records have in common than this, such as the address of a whole workplace, says nothing about any two."""

_add_key = hot(sa.insert(MatchKey))


def next_movement(session: Session, noun: Noun, after: str) -> str | None:
    """The next movement that has any such record, in the order of their ids."""
    query = sa.select(sa.func.min(noun.record.movement)).where(noun.record.movement > after)
    return session.scalar(query)


def rules(session: Session, movement: str, noun: Noun) -> DuplicateRules | None:
    """What the movement set."""
    return session.get(DuplicateRules, (movement, noun.name))


def up_to(session: Session, movement: str, noun: Noun) -> DuplicateSearch | None:
    """How far the search is, locked until the transaction ends."""
    return session.get(DuplicateSearch, (movement, noun.name), with_for_update=True)


def start_again(session: Session, movement: str, noun: Noun) -> None:
    """Let the search come to every record once more."""
    gone = sa.delete(DuplicateSearch).where(DuplicateSearch.movement == movement, DuplicateSearch.noun == noun.name)
    session.execute(gone)


def changed(
    session: Session, movement: str, noun: Noun, search: DuplicateSearch | None, until: datetime, limit: int
) -> Sequence[tuple[str, datetime]]:
    """The next records that changed, those that did first; what changed after ``until`` may not all be there yet."""
    record = noun.record
    query = sa.select(record.id, record.updated_at).where(record.movement == movement, record.updated_at <= until)
    if search is not None:
        later = sa.and_(record.updated_at == search.up_to, record.id > search.record)
        query = query.where(record.updated_at >= search.up_to, sa.or_(record.updated_at > search.up_to, later))
    query = query.order_by(record.updated_at, record.id).limit(limit)
    return [(each, updated_at) for each, updated_at in session.execute(query)]


def has_changed(session: Session, movement: str, noun: Noun, until: datetime) -> bool:
    """Whether there is anything to look at."""
    search = session.get(DuplicateSearch, (movement, noun.name))
    return bool(changed(session, movement, noun, search, until, 1))


def set_keys(session: Session, movement: str, keys: Mapping[str, Iterable[int]]) -> None:
    """Give records their keys in place of those that they had."""
    session.execute(sa.delete(MatchKey).where(MatchKey.movement == movement, MatchKey.record.in_(keys)))
    rows: list[Mapping[str, Value]] = [
        {"movement": movement, "key": key, "record": record} for record, each in keys.items() for key in each
    ]
    _add_key.many(session, rows)


def sharing(session: Session, movement: str, keys: Collection[int], least: int = 2) -> dict[int, list[str]]:
    """The records of each key, but of those that too many have, or fewer than ``least``."""
    counted = (
        sa.select(MatchKey.key)
        .where(MatchKey.movement == movement, MatchKey.key.in_(keys))
        .group_by(MatchKey.key)
        .having(sa.func.count().between(least, MOST_SHARING))
    )
    query = sa.select(MatchKey.key, MatchKey.record).where(MatchKey.movement == movement, MatchKey.key.in_(counted))
    found: dict[int, list[str]] = {}
    for key, record in session.execute(query):
        found.setdefault(key, []).append(record)
    return found


def replace(
    session: Session, movement: str, noun: Noun, looked_at: Collection[str], found: Mapping[tuple[str, str], Likeness]
) -> None:
    """Keep what was found of records in place of what was found before."""
    touching = sa.or_(DuplicateCandidate.one.in_(looked_at), DuplicateCandidate.other.in_(looked_at))
    session.execute(sa.delete(DuplicateCandidate).where(DuplicateCandidate.movement == movement, touching))
    session.add_all(
        DuplicateCandidate(
            movement=movement,
            one=one,
            other=other,
            noun=noun.name,
            score=likeness.score,
            reasons=likeness.reasons,
        )
        for (one, other), likeness in found.items()
    )


def candidates(
    session: Session, movement: str, noun: Noun, *, record: str | None, after: After, limit: int
) -> Sequence[DuplicateCandidate]:
    """Pairs, the likeliest first: all, or those of one record. None of who was merged, or is said to be another."""
    pair, row = DuplicateCandidate, noun.record
    query = sa.select(pair).where(pair.movement == movement, pair.noun == noun.name)
    for side in (pair.one, pair.other):
        query = query.where(sa.exists().where(row.movement == movement, row.id == side))
    told = sa.exists().where(noun.not_same.movement == movement, noun.this == pair.one, noun.other == pair.other)
    query = query.where(~told)
    if record is not None:
        query = query.where(sa.or_(pair.one == record, pair.other == record))
    if after is not None:
        score, one, other = after
        behind = sa.or_(pair.one > one, sa.and_(pair.one == one, pair.other > other))
        query = query.where(sa.or_(pair.score < score, sa.and_(pair.score == score, behind)))
    return session.scalars(query.order_by(pair.score.desc(), pair.one, pair.other).limit(limit)).all()


def known(session: Session, movement: str, noun: Noun, records: Collection[str]) -> set[str]:
    """Those of the ids that are records of the movement."""
    query = sa.select(noun.record.id).where(noun.record.movement == movement, noun.record.id.in_(records))
    return set(session.scalars(query))


def told_apart(session: Session, movement: str, noun: Noun, record: str) -> Sequence[tuple[str, str, datetime]]:
    """Who is said not to be the same as a record, by whom and when."""
    told = noun.not_same
    query = sa.select(noun.other, told.said_by, told.said_at).where(told.movement == movement, noun.this == record)
    return [(other, by, at) for other, by, at in session.execute(query.order_by(noun.other))]


def tell_apart(session: Session, movement: str, noun: Noun, one: str, other: str, by: str, at: datetime) -> None:
    """Note for both that they are not the same."""
    for this, that in ((one, other), (other, one)):
        row = {noun.this.key: this, noun.other.key: that, "said_by": by, "said_at": at}
        session.execute(sa.insert(noun.not_same).values(movement=movement, **row))


def take_back(session: Session, movement: str, noun: Noun, one: str, other: str) -> int:
    """Note no more that they are not the same; how many rows said so."""
    pair = sa.or_(sa.and_(noun.this == one, noun.other == other), sa.and_(noun.this == other, noun.other == one))
    rows = session.scalars(
        sa.delete(noun.not_same).where(noun.not_same.movement == movement, pair).returning(noun.this)
    )
    return len(rows.all())
