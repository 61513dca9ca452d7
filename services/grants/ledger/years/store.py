"""Every SQL statement about financial years."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.base import locked
from services.grants.funds.models import Fund
from services.grants.ledger.models import LedgerBalance, LedgerEntry, LedgerLine, LedgerYear
from services.grants.ledger.store import Key
from services.grants.ledger.years.models import YearEnd


def year_end(session: Session, movement: str) -> YearEnd | None:
    """What the movement said of when its years end."""
    return session.get(YearEnd, movement)


def year_end_for_change(session: Session, movement: str) -> YearEnd | None:
    """The same as it is now, held until the transaction ends."""
    return locked(session, sa.select(YearEnd).where(YearEnd.movement == movement))


def last_closed(session: Session, movement: str) -> date | None:
    """The end of the last year that was closed."""
    return session.scalar(sa.select(sa.func.max(LedgerYear.ends_on)).where(LedgerYear.movement == movement))


def first_day(session: Session, movement: str) -> date | None:
    """The day of the first entry."""
    return session.scalar(sa.select(sa.func.min(LedgerEntry.day)).where(LedgerEntry.movement == movement))


def find(session: Session, movement: str, year_id: str) -> LedgerYear | None:
    """A closed year."""
    return session.get(LedgerYear, (movement, year_id))


def list_years(session: Session, movement: str, *, after: str, limit: int) -> Sequence[LedgerYear]:
    """The closed years in the order of their closing, which is that of the years."""
    query = sa.select(LedgerYear).where(LedgerYear.movement == movement, LedgerYear.id > after)
    return session.scalars(query.order_by(LedgerYear.id).limit(limit)).all()


def hold_funds(session: Session, movement: str) -> None:
    """Hold every fund of the movement, in the order of their ids: nobody posts to them meanwhile."""
    query = sa.select(Fund.id).where(Fund.movement == movement).order_by(Fund.id)
    session.execute(query.with_for_update(key_share=True)).all()


def came_to(session: Session, movement: str, accounts: Sequence[str], day: date) -> dict[Key, int]:
    """What each balance of these accounts was at the end of a day; those of nothing are left out."""
    sums: Counter[Key] = Counter()
    kept = sa.select(LedgerBalance).where(LedgerBalance.movement == movement, LedgerBalance.account.in_(accounts))
    for row in session.scalars(kept.execution_options(populate_existing=True)):
        sums[row.fund_id, row.account, row.contribution_id, row.restriction] += row.balance
    later = (
        sa.select(LedgerLine)
        .join(LedgerEntry, sa.and_(LedgerEntry.movement == LedgerLine.movement, LedgerEntry.id == LedgerLine.entry_id))
        .where(LedgerLine.movement == movement, LedgerLine.account.in_(accounts), LedgerEntry.day > day)
    )
    for line in session.scalars(later):
        sums[line.fund_id, line.account, line.contribution_id or "", line.restriction] -= line.pence
    return {key: pence for key, pence in sorted(sums.items()) if pence}


def closing_lines(session: Session, movement: str, year_id: str) -> Sequence[tuple[str, LedgerLine]]:
    """The lines by which a year was closed, each with its currency."""
    query = (
        sa.select(LedgerEntry.currency, LedgerLine)
        .join(LedgerLine, sa.and_(LedgerLine.movement == LedgerEntry.movement, LedgerLine.entry_id == LedgerEntry.id))
        .where(LedgerEntry.movement == movement, LedgerEntry.about == year_id)
        .order_by(LedgerEntry.id, LedgerLine.number)
    )
    return [(currency, line) for currency, line in session.execute(query)]
