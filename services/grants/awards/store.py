"""Every SQL statement about awards."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.applications.models import Application
from services.grants.awards.models import Award, AwardChange, AwardState
from services.grants.base import listed, locked
from shared.db.hot import hot
from shared.db.types import microseconds

_insert = hot(sa.insert(Award))


def insert(session: Session, movement: str, award: Award) -> None:
    """Write an award that was just offered, past the unit of work: many are offered at once."""
    _insert.run(
        session,
        {
            "movement": movement,
            "id": award.id,
            "application_id": award.application_id,
            "round_id": award.round_id,
            "delegation_id": award.delegation_id,
            "amount": award.amount,
            "currency": award.currency,
            "organisation": award.organisation,
            "purpose": award.purpose,
            "starts_on": _day(award.starts_on),
            "ends_on": _day(award.ends_on),
            "people_at_risk": award.people_at_risk,
            "terms": award.terms,
            "state": award.state,
            "committed": award.committed,
            "paying": 0,
            "paid": 0,
            "owed": 0,
            "answer_by": None if award.answer_by is None else microseconds(award.answer_by),
            "offered_at": microseconds(award.offered_at),
            "accepted_at": None,
            "started_at": None,
            "held_since": None,
            "ended_at": None,
            "updated_at": microseconds(award.updated_at),
            "version": award.version,
        },
    )


def find(session: Session, movement: str, award_id: str) -> Award | None:
    """The award."""
    return session.get(Award, (movement, award_id))


def for_change(session: Session, movement: str, award_id: str) -> Award | None:
    """The award as it is now, locked until the transaction ends."""
    query = sa.select(Award).where(Award.movement == movement, Award.id == award_id)
    return locked(session, query)


def list_awards(
    session: Session,
    movement: str,
    *,
    round_id: str | None,
    application_id: str | None,
    state: AwardState | None,
    organisations: Collection[str] | None,
    q: str | None,
    updated_since: datetime | None,
    after: str,
    limit: int,
) -> Sequence[Award]:
    """Awards in the order of their offering, those after ``after`` first; with ``q`` those to groups so called."""
    only = {"round_id": round_id, "application_id": application_id, "state": state}
    query = listed(Award, movement, after=after, limit=limit, since=updated_since, **only)
    if organisations is not None:
        query = query.where(Award.organisation.in_(organisations))
    if q is not None:
        asked = (Application.movement == Award.movement) & (Application.id == Award.application_id)
        named = sa.func.lower(Application.group_name).contains(q.lower(), autoescape=True)
        query = query.join(Application, asked).where(named)
    return session.scalars(query).all()


def changes_of(session: Session, movement: str, award_id: str) -> Sequence[AwardChange]:
    """What was changed of an award, the oldest first."""
    query = sa.select(AwardChange).where(AwardChange.movement == movement, AwardChange.award_id == award_id)
    return session.scalars(query.order_by(AwardChange.id)).all()


def movements_with_overdue_offers(session: Session, at: datetime) -> Sequence[str]:
    """The movements that have an offer whose instant to lapse has come."""
    query = sa.select(Award.movement).where(*_overdue(at)).distinct()
    return session.scalars(query).all()


def overdue_offers(session: Session, movement: str, at: datetime, limit: int) -> Sequence[str]:
    """The ids of offers of a movement whose instant has come, locked until the transaction ends.

    Those that somebody answers at this moment are passed over.
    """
    query = sa.select(Award.id).where(Award.movement == movement, *_overdue(at)).order_by(Award.answer_by).limit(limit)
    return session.scalars(query.with_for_update(skip_locked=True, key_share=True)).all()


def _overdue(at: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return Award.state == AwardState.OFFERED, Award.answer_by <= at


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
