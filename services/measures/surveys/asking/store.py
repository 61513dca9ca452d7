"""Every SQL statement about surveys, their waves and the parts that people have in them."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.measures.surveys.asking.models import Researcher, Survey, Wave


def add(session: Session, row: Survey | Wave | Researcher) -> None:
    """Insert a row, at once: others refer to it."""
    session.add(row)
    session.flush()


def survey(session: Session, movement: str, survey: str, *, locked: bool = False) -> Survey | None:
    """One survey, perhaps held until the end of the transaction."""
    return session.get(Survey, (movement, survey), with_for_update=locked or None, populate_existing=locked)


def surveys(
    session: Session, movement: str, state: str | None, updated_since: datetime | None, after: str, limit: int
) -> Sequence[Survey]:
    """Surveys in the order in which they were drafted, behind the one named ``after``."""
    query = sa.select(Survey).where(Survey.movement == movement, Survey.id > after).order_by(Survey.id).limit(limit)
    if state is not None:
        query = query.where(Survey.state == state)
    if updated_since is not None:
        query = query.where(Survey.updated_at >= updated_since)
    return session.scalars(query).all()


def wave(session: Session, movement: str, wave: str, *, locked: bool = False) -> Wave | None:
    """One wave, perhaps held until the end of the transaction."""
    return session.get(Wave, (movement, wave), with_for_update=locked or None, populate_existing=locked)


def waves(session: Session, movement: str, survey: str, after: int = 0, limit: int = 200) -> Sequence[Wave]:
    """A survey's waves by number, behind number ``after``."""
    query = sa.select(Wave).where(Wave.movement == movement, Wave.survey == survey, Wave.number > after)
    return session.scalars(query.order_by(Wave.number).limit(limit)).all()


def last_number(session: Session, movement: str, survey: str) -> int:
    """The number of the survey's last wave; 0 where it has none."""
    query = sa.select(sa.func.max(Wave.number)).where(Wave.movement == movement, Wave.survey == survey)
    return session.scalar(query) or 0


def researcher(session: Session, movement: str, researcher: str, *, locked: bool = False) -> Researcher | None:
    """One part that somebody has."""
    key = (movement, researcher)
    return session.get(Researcher, key, with_for_update=locked or None, populate_existing=locked)


def researchers(session: Session, movement: str, survey: str, after: str, limit: int) -> Sequence[Researcher]:
    """Who has which part in a survey, behind the one named ``after``."""
    query = sa.select(Researcher).where(
        Researcher.movement == movement, Researcher.survey == survey, Researcher.id > after
    )
    return session.scalars(query.order_by(Researcher.id).limit(limit)).all()


def parts_of(session: Session, movement: str, people: Sequence[str]) -> Sequence[Researcher]:
    """Every part that somebody has in a survey, by any of their ids."""
    query = sa.select(Researcher).where(Researcher.movement == movement, Researcher.person.in_(people))
    return session.scalars(query.order_by(Researcher.id)).all()


def delete_parts_of(session: Session, movement: str, people: Sequence[str]) -> int:
    """Delete every part that somebody has in a survey; how many there were."""
    gone = sa.delete(Researcher).where(Researcher.movement == movement, Researcher.person.in_(people))
    return len(session.scalars(gone.returning(Researcher.id)).all())
