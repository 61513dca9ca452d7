"""Every SQL statement about income, running costs and investments."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.base import listed, locked
from services.grants.finances.models import Brought, Income, IncomeKind, IncomeState, Investment, RunningCost

R = TypeVar("R", Income, Investment)


def find(session: Session, table: type[R], movement: str, id_: str) -> R | None:
    """One income, or investment."""
    return session.get(table, (movement, id_))


def for_change(session: Session, table: type[R], movement: str, id_: str) -> R | None:
    """The same as it is now, locked until the transaction ends."""
    return locked(session, sa.select(table).where(table.movement == movement, table.id == id_))


def page_of_income(
    session: Session,
    movement: str,
    *,
    kind: IncomeKind | None,
    state: IncomeState | None,
    updated_since: datetime | None,
    after: str,
    limit: int,
) -> Sequence[Income]:
    """Income by id, behind the one named ``after``."""
    query = listed(Income, movement, after=after, limit=limit, since=updated_since, kind=kind, state=state)
    return session.scalars(query).all()


def running(session: Session, movement: str, currency: str, day: date) -> Sequence[Income]:
    """Secured income in a currency that lasts until a day or longer."""
    query = sa.select(Income).where(
        Income.movement == movement, Income.state == IncomeState.SECURED, Income.currency == currency
    )
    return session.scalars(query.where(Income.ends_on >= day)).all()


def running_cost(session: Session, movement: str) -> RunningCost | None:
    """What a month costs; None where nobody said."""
    return session.get(RunningCost, movement)


def keep_running_cost(session: Session, cost: RunningCost) -> RunningCost:
    """Store what a month costs, in place of what was said before."""
    return session.merge(cost)


def page_of_investments(
    session: Session, movement: str, *, updated_since: datetime | None, after: str, limit: int
) -> Sequence[Investment]:
    """Investments by id, behind the one named ``after``."""
    return session.scalars(listed(Investment, movement, after=after, limit=limit, since=updated_since)).all()


def brought(session: Session, movement: str, since: date | None, until: date | None) -> Sequence[Brought]:
    """What was brought in, by currency, kind and whether it passes through us; of days from ``since`` to ``until``."""
    through_us = Investment.fund_id.is_not(None)
    total = sa.cast(sa.func.sum(Investment.amount), sa.BigInteger)
    query = sa.select(Investment.currency, Investment.kind, through_us, total, sa.func.count()).where(
        Investment.movement == movement
    )
    if since is not None:
        query = query.where(Investment.agreed_on >= since)
    if until is not None:
        query = query.where(Investment.agreed_on <= until)
    groups = (Investment.currency, Investment.kind, through_us)
    return [
        Brought(row[0], row[1], bool(row[2]), row[3], row[4])
        for row in session.execute(query.group_by(*groups).order_by(*groups))
    ]
