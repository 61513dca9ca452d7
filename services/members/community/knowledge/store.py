"""Every SQL statement about the knowledge hub."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.community.knowledge.models import (
    KnowledgeItem,
    KnowledgeLabel,
    KnowledgeState,
    KnowledgeText,
    KnowledgeUse,
    KnowledgeWord,
    LabelKind,
)
from shared.db.hot import Value, hot

_add_word = hot(sa.insert(KnowledgeWord))


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which items are wanted; None where it does not matter."""

    state: KnowledgeState | None = None
    kind: str | None = None
    language: str | None = None
    audience: str | None = None
    tag: str | None = None
    updated_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChosenUses:
    """Which uses are wanted; None where it does not matter."""

    item: str | None = None
    person: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """An item with the text that is read, its labels in the order of the alphabet, and how often it was used."""

    item: KnowledgeItem
    text: KnowledgeText
    labels: Mapping[str, Sequence[str]]
    uses: int


class Found(NamedTuple):
    """An item that a search found."""

    id: str
    kind: str
    language: str
    title: str
    body: str
    score: int


def for_change(session: Session, movement: str, item: str) -> KnowledgeItem | None:
    """An item, locked until the transaction ends."""
    return session.get(KnowledgeItem, (movement, item), with_for_update=True)


def text(session: Session, movement: str, item: str, number: int) -> KnowledgeText | None:
    """One text of an item."""
    return session.get(KnowledgeText, (movement, item, number))


def texts(session: Session, movement: str, item: str) -> Sequence[KnowledgeText]:
    """Every text of an item, the newest first."""
    query = sa.select(KnowledgeText).where(KnowledgeText.movement == movement, KnowledgeText.item == item)
    return session.scalars(query.order_by(KnowledgeText.number.desc())).all()


def find(session: Session, movement: str, item: str) -> Shown | None:
    """An item as it is shown."""
    query = sa.select(KnowledgeItem).where(KnowledgeItem.movement == movement, KnowledgeItem.id == item)
    return next(iter(shown(session, movement, session.scalars(query).all())), None)


def shown(session: Session, movement: str, items: Sequence[KnowledgeItem]) -> list[Shown]:
    """Items with what is shown of them: a statement for each kind of thing, however many items there are."""
    ids = [item.id for item in items]
    read = sa.tuple_(KnowledgeText.item, KnowledgeText.number).in_([(item.id, item.shown) for item in items])
    texts = session.scalars(sa.select(KnowledgeText).where(KnowledgeText.movement == movement, read))
    of_item = {text.item: text for text in texts}
    labels: dict[str, dict[str, list[str]]] = {item: {} for item in ids}
    label = sa.select(KnowledgeLabel).where(KnowledgeLabel.movement == movement, KnowledgeLabel.item.in_(ids))
    for one in session.scalars(label.order_by(KnowledgeLabel.word)):
        labels[one.item].setdefault(one.kind, []).append(one.word)
    counted = sa.select(KnowledgeUse.item, sa.func.count()).where(KnowledgeUse.movement == movement)
    used = dict(session.execute(counted.where(KnowledgeUse.item.in_(ids)).group_by(KnowledgeUse.item)).all())
    return [Shown(item, of_item[item.id], labels[item.id], used.get(item.id, 0)) for item in items]


def list_items(session: Session, movement: str, *, chosen: Chosen, after: After, limit: int) -> list[Shown]:
    """Items in the order in which they were begun, those after ``after`` first."""
    query = sa.select(KnowledgeItem).where(KnowledgeItem.movement == movement, *_are(movement, chosen))
    return shown(session, movement, session.scalars(page(query, KnowledgeItem.id, after, limit)).all())


def search(
    session: Session, movement: str, *, words: Sequence[str], chosen: Chosen, after: After, limit: int
) -> list[Found]:
    """Items whose text has a beginning of each word, those that say most about them first.

    A whole word counts twice what a beginning does, and a rare word more than one that most items have: its weight is
    multiplied by BM25's inverse document frequency, in whole hundredths so that pages are cut alike everywhere.
    """
    if not words:
        return []
    matches = [_matching(movement, word, _rarity(session, movement, word)) for word in words]
    score = sum((match.c.score for match in matches[1:]), matches[0].c.score)
    query = (
        sa.select(
            KnowledgeItem.id,
            KnowledgeItem.kind,
            KnowledgeItem.language,
            KnowledgeText.title,
            KnowledgeText.body,
            score.label("score"),
        )
        .join(
            KnowledgeText,
            (KnowledgeText.movement == KnowledgeItem.movement)
            & (KnowledgeText.item == KnowledgeItem.id)
            & (KnowledgeText.number == sa.func.coalesce(KnowledgeItem.published, KnowledgeItem.newest)),
        )
        .where(KnowledgeItem.movement == movement, *_are(movement, chosen))
    )
    for match in matches:
        query = query.join(match, match.c.item == KnowledgeItem.id)
    if after is not None:
        query = query.where((score < after[0]) | ((score == after[0]) & (KnowledgeItem.id > after[1])))
    rows = session.execute(query.order_by(score.desc(), KnowledgeItem.id).limit(limit))
    return [Found(*row) for row in rows]


def index(session: Session, movement: str, item: str, weights: Mapping[str, int]) -> None:
    """Let an item be found by these words and by no others."""
    unindex(session, movement, item)
    rows: list[dict[str, Value]] = [
        {"movement": movement, "word": word.encode(), "item": item, "weight": n} for word, n in weights.items()
    ]
    _add_word.many(session, rows)


def unindex(session: Session, movement: str, item: str) -> None:
    """Delete every word by which an item is found."""
    session.execute(sa.delete(KnowledgeWord).where(KnowledgeWord.movement == movement, KnowledgeWord.item == item))


def relabel(session: Session, movement: str, item: str, kind: LabelKind, words: Sequence[str]) -> None:
    """Give an item these labels of a kind in place of those that it has."""
    of_kind = (KnowledgeLabel.movement == movement, KnowledgeLabel.kind == kind, KnowledgeLabel.item == item)
    session.execute(sa.delete(KnowledgeLabel).where(*of_kind))
    session.add_all([KnowledgeLabel(movement=movement, kind=kind, word=word, item=item) for word in words])
    session.flush()


def uses_of(session: Session, movement: str, item: str) -> Sequence[KnowledgeUse]:
    """Every use of an item, for a change of its words."""
    query = sa.select(KnowledgeUse).where(KnowledgeUse.movement == movement, KnowledgeUse.item == item)
    return session.scalars(query).all()


def list_uses(
    session: Session, movement: str, *, chosen: ChosenUses, after: After, limit: int
) -> Sequence[KnowledgeUse]:
    """Uses in the order in which they were told, those after ``after`` first."""
    query = sa.select(KnowledgeUse).where(KnowledgeUse.movement == movement)
    for column, wanted in (
        (KnowledgeUse.item, chosen.item),
        (KnowledgeUse.person, chosen.person),
        (KnowledgeUse.organisation, chosen.organisation),
    ):
        if wanted is not None:
            query = query.where(column == wanted)
    return session.scalars(page(query, KnowledgeUse.id, after, limit)).all()


def _are(movement: str, chosen: Chosen) -> list[sa.ColumnElement[bool]]:
    """The conditions of a choice."""
    conditions = [
        column == wanted
        for column, wanted in (
            (KnowledgeItem.state, chosen.state),
            (KnowledgeItem.kind, chosen.kind),
            (KnowledgeItem.language, chosen.language),
        )
        if wanted is not None
    ]
    for kind, word in ((LabelKind.AUDIENCE, chosen.audience), (LabelKind.TAG, chosen.tag)):
        if word is not None:
            labelled = sa.select(KnowledgeLabel.item).where(
                KnowledgeLabel.movement == movement, KnowledgeLabel.kind == kind, KnowledgeLabel.word == word
            )
            conditions.append(KnowledgeItem.id.in_(labelled))
    if chosen.updated_since is not None:
        conditions.append(KnowledgeItem.updated_at >= chosen.updated_since)
    return conditions


def _begins(movement: str, word: str) -> tuple[sa.ColumnElement[bool], ...]:
    start = word.encode()  # no UTF-8 text holds the byte 255: the range is all that begins so
    of_movement = KnowledgeWord.movement == movement
    return of_movement, KnowledgeWord.word >= start, KnowledgeWord.word < start + b"\xff"


def _rarity(session: Session, movement: str, word: str) -> int:
    """The inverse document frequency of a beginning, in hundredths, at least 1."""
    everything = sa.select(sa.func.count()).select_from(KnowledgeItem).where(KnowledgeItem.movement == movement)
    having = sa.select(sa.func.count(KnowledgeWord.item.distinct())).where(*_begins(movement, word))
    items, with_it = session.scalars(everything).one(), session.scalars(having).one()
    return max(1, round(100 * math.log(1 + (items - with_it + 0.5) / (with_it + 0.5))))


def _matching(movement: str, word: str, rarity: int) -> sa.Subquery:
    """The items with words that begin so, and what each scores for them."""
    exact = sa.case((KnowledgeWord.word == word.encode(), 2 * KnowledgeWord.weight), else_=KnowledgeWord.weight)
    score = sa.cast(sa.func.sum(exact) * rarity, sa.BigInteger)  # PostgreSQL's sum is a numeric
    query = sa.select(KnowledgeWord.item, score.label("score")).where(*_begins(movement, word))
    return query.group_by(KnowledgeWord.item).subquery()
