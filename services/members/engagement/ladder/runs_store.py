"""Every SQL statement about runs."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.engagement.ladder import moments
from services.members.engagement.ladder.models import LadderPolicy, LadderRun, PolicyState, RunKind, RunState
from shared.db.types import microseconds


def movements_with_runs(session: Session) -> Sequence[str]:
    """The movements in which a run is not done."""
    query = sa.select(LadderRun.movement).where(LadderRun.state == RunState.RUNNING.value)
    return session.scalars(query.distinct()).all()


def movements_with_ladders(session: Session) -> Sequence[str]:
    """The movements that use their ladder."""
    return session.scalars(sa.select(LadderPolicy.movement).where(LadderPolicy.state == PolicyState.ACTIVE.value)).all()


def unfinished(session: Session, movement: str) -> LadderRun | None:
    """The oldest run that is not done, locked; None where there is none, or another process has it."""
    query = sa.select(LadderRun).where(LadderRun.movement == movement, LadderRun.state == RunState.RUNNING.value)
    return session.scalar(query.order_by(LadderRun.id).limit(1).with_for_update(skip_locked=True))


def reviewed_or_begun_on(session: Session, movement: str, zone: str) -> date | None:
    """The day of the last review, else the one on which the first policy was activated; None without a policy."""
    begun_at = session.scalar(
        sa.select(sa.func.min(LadderPolicy.activated_at)).where(LadderPolicy.movement == movement)
    )
    if begun_at is None:
        return None
    reviews = sa.select(sa.func.max(LadderRun.on)).where(
        LadderRun.movement == movement, LadderRun.kind == RunKind.REVIEW.value
    )
    last = session.scalar(reviews)
    return last or moments.of(zone, microseconds(begun_at))[0]


def list_runs(session: Session, movement: str, *, after: After, limit: int) -> Sequence[LadderRun]:
    """Runs in the order in which they began, those after ``after`` first."""
    query = sa.select(LadderRun).where(LadderRun.movement == movement)
    return session.scalars(page(query, LadderRun.id, after, limit)).all()
