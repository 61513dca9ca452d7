"""Every SQL statement about the common agenda."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from services.members.base import After, page
from services.members.life.agenda.models import (
    Agenda,
    AgendaPoint,
    AgendaShaper,
    AgendaState,
    AgendaUsage,
    AgendaWord,
    PointKind,
)

_whole = sa.select(Agenda).options(
    selectinload(Agenda.points),
    selectinload(Agenda.words).selectinload(AgendaWord.used_otherwise),
    selectinload(Agenda.shapers),
)


def find(session: Session, movement: str, agenda: str, *, locked: bool = False) -> Agenda | None:
    """One version with all that belongs to it as it is stored now, perhaps locked until the transaction ends."""
    query = _whole.where(Agenda.movement == movement, Agenda.id == agenda)
    query = query.execution_options(populate_existing=True)
    return session.scalar(query.with_for_update() if locked else query)


def in_force(session: Session, movement: str, on: date) -> Agenda | None:
    """The version that held on a day: of those published by then and not yet withdrawn, the one published last."""
    query = _whole.where(
        Agenda.movement == movement,
        Agenda.published_on <= on,
        Agenda.withdrawn_on.is_(None) | (Agenda.withdrawn_on > on),
    )
    return session.scalar(query.order_by(Agenda.number.desc()).limit(1))


def list_versions(
    session: Session,
    movement: str,
    *,
    state: AgendaState | None,
    updated_since: datetime | None,
    after: After,
    limit: int,
) -> Sequence[Agenda]:
    """Versions in the order in which they were begun, those after ``after`` first."""
    query = _whole.where(Agenda.movement == movement)
    if state is not None:
        query = query.where(Agenda.state == state)
    if updated_since is not None:
        query = query.where(Agenda.updated_at >= updated_since)
    return session.scalars(page(query, Agenda.id, after, limit)).all()


def next_number(session: Session, movement: str) -> int:
    """The number of the version that is published next; every version is locked, so that no two take the same."""
    numbers = session.scalars(
        sa.select(Agenda.number).where(Agenda.movement == movement).order_by(Agenda.id).with_for_update()
    )
    return max((number for number in numbers if number is not None), default=0) + 1


def put_points(session: Session, movement: str, agenda: str, kind: PointKind, said: Iterable[tuple[str, str]]) -> None:
    """Let a version have these outcomes, or values, by key and words, in place of those that it had."""
    of_kind = (AgendaPoint.movement == movement, AgendaPoint.agenda == agenda, AgendaPoint.kind == kind)
    session.execute(sa.delete(AgendaPoint).where(*of_kind))
    session.add_all(
        AgendaPoint(movement=movement, agenda=agenda, kind=kind, key=key, place=place, words=words)
        for place, (key, words) in enumerate(said)
    )


def put_glossary(
    session: Session, movement: str, agenda: str, words: Iterable[AgendaWord], usages: Iterable[AgendaUsage]
) -> None:
    """Let a version have this glossary in place of the one that it had."""
    session.execute(sa.delete(AgendaUsage).where(AgendaUsage.movement == movement, AgendaUsage.agenda == agenda))
    session.execute(sa.delete(AgendaWord).where(AgendaWord.movement == movement, AgendaWord.agenda == agenda))
    session.add_all(words)
    session.flush()  # the usages refer to the words
    session.add_all(usages)


def put_shapers(session: Session, movement: str, agenda: str, shapers: Iterable[AgendaShaper]) -> None:
    """Let a version have been shaped by these in place of those that were named."""
    session.execute(sa.delete(AgendaShaper).where(AgendaShaper.movement == movement, AgendaShaper.agenda == agenda))
    session.add_all(shapers)
