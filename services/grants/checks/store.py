"""Every SQL statement about checks of groups."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.base import locked
from services.grants.checks.models import CheckOutcome, CheckRules, GroupCheck


def rules_of(session: Session, movement: str, fund_id: str) -> CheckRules | None:
    """The rules that a fund has edited, if it has."""
    return session.get(CheckRules, (movement, fund_id))


def rules_for_change(session: Session, movement: str, fund_id: str) -> CheckRules | None:
    """The same as they are now, locked until the transaction ends."""
    return locked(session, sa.select(CheckRules).where(CheckRules.movement == movement, CheckRules.fund_id == fund_id))


def find(session: Session, movement: str, check_id: str) -> GroupCheck | None:
    """The check."""
    return session.get(GroupCheck, (movement, check_id))


def for_change(session: Session, movement: str, check_id: str) -> GroupCheck | None:
    """The check as it is now, locked until the transaction ends."""
    return locked(session, sa.select(GroupCheck).where(GroupCheck.movement == movement, GroupCheck.id == check_id))


def for_award(session: Session, movement: str, award_id: str, group_key: str) -> Sequence[GroupCheck]:
    """What may count for an award, the newest first: what was done of its group, and what was waived for itself."""
    query = sa.select(GroupCheck).where(
        GroupCheck.movement == movement,
        GroupCheck.group_key == group_key,
        sa.or_(GroupCheck.outcome == CheckOutcome.DONE, GroupCheck.award_id == award_id),
    )
    return session.scalars(query.order_by(GroupCheck.id.desc())).all()


def list_checks(
    session: Session, movement: str, *, award_id: str | None, after: str, limit: int
) -> Sequence[GroupCheck]:
    """Checks in the order of their recording, those after ``after`` first."""
    query = sa.select(GroupCheck).where(GroupCheck.movement == movement, GroupCheck.id > after)
    if award_id is not None:
        query = query.where(GroupCheck.award_id == award_id)
    return session.scalars(query.order_by(GroupCheck.id).limit(limit)).all()
