"""Every SQL statement that reads the books: entries, balances, trial balances, and whose money went where."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from services.grants.funds.models import Contribution, Fund
from services.grants.ledger.chart import Account
from services.grants.ledger.models import LedgerBalance, LedgerEntry, LedgerLine
from shared.pages import Position

_BALANCE_KEY = (
    LedgerBalance.fund_id,
    LedgerBalance.account,
    LedgerBalance.contribution_id,
    LedgerBalance.restriction,
)


class Posted(NamedTuple):
    """An entry and its lines, in their order."""

    entry: LedgerEntry
    lines: Sequence[LedgerLine]


class Held(NamedTuple):
    """A balance, and the currency of its fund."""

    balance: LedgerBalance
    currency: str


class Sum(NamedTuple):
    """What an account of a currency comes to, in pence; credits are negative."""

    currency: str
    account: str
    pence: int


class Share(NamedTuple):
    """A contribution, and its pence of what an award was paid: what went out, and what came back of that."""

    contribution: Contribution
    paid: int
    returned: int


class Use(NamedTuple):
    """An award, and the pence of a contribution that it was paid, and that came back."""

    award: str
    paid: int
    returned: int


class Difference(NamedTuple):
    """A balance that is not what its lines come to, in pence."""

    fund: str
    account: str
    contribution: str
    restriction: str
    kept: int
    replayed: int


class Replayed(NamedTuple):
    """What replaying every line found: how many there are, and the balances that differ."""

    entries: int
    lines: int
    differences: Sequence[Difference]


def find_entry(session: Session, movement: str, entry_id: str) -> Posted | None:
    """The entry with its lines."""
    entry = session.get(LedgerEntry, (movement, entry_id))
    return None if entry is None else _with_lines(session, movement, [entry])[0]


def list_entries(
    session: Session,
    movement: str,
    *,
    kind: str | None,
    about: str | None,
    fund: str | None,
    contribution: str | None,
    award: str | None,
    since: date | None,
    until: date | None,
    after: str,
    limit: int,
) -> Sequence[Posted]:
    """Entries in the order of their posting, those after ``after`` first; of the days ``since`` to ``until``."""
    query = sa.select(LedgerEntry).where(LedgerEntry.movement == movement, LedgerEntry.id > after)
    for column, wanted in ((LedgerEntry.kind, kind), (LedgerEntry.about, about)):
        if wanted is not None:
            query = query.where(column == wanted)
    of_lines = {LedgerLine.fund_id: fund, LedgerLine.contribution_id: contribution, LedgerLine.award_id: award}
    asked = [column == wanted for column, wanted in of_lines.items() if wanted is not None]
    if asked:
        line = (LedgerLine.movement == movement, LedgerLine.entry_id == LedgerEntry.id)
        query = query.where(sa.exists().where(*line, *asked))
    if since is not None:
        query = query.where(LedgerEntry.day >= since)
    if until is not None:
        query = query.where(LedgerEntry.day <= until)
    return _with_lines(session, movement, session.scalars(query.order_by(LedgerEntry.id).limit(limit)).all())


def by_day(session: Session, movement: str, after: tuple[date, str] | None, limit: int) -> Sequence[Posted]:
    """Entries in the order of their days, those after a day and an id first."""
    query = sa.select(LedgerEntry).where(LedgerEntry.movement == movement)
    if after is not None:
        query = query.where(sa.tuple_(LedgerEntry.day, LedgerEntry.id) > sa.tuple_(*after))
    found = session.scalars(query.order_by(LedgerEntry.day, LedgerEntry.id).limit(limit)).all()
    return _with_lines(session, movement, found)


def list_balances(
    session: Session,
    movement: str,
    *,
    fund: str | None,
    contribution: str | None,
    account: str | None,
    restriction: str | None,
    after: Position | None,
    limit: int,
) -> Sequence[Held]:
    """The balances, in the order of their keys, those after ``after`` first."""
    query = (
        sa.select(LedgerBalance, Fund.currency)
        .join(Fund, sa.and_(Fund.movement == LedgerBalance.movement, Fund.id == LedgerBalance.fund_id))
        .where(LedgerBalance.movement == movement)
    )
    for column, wanted in zip(_BALANCE_KEY, (fund, account, contribution, restriction), strict=True):
        if wanted is not None:
            query = query.where(column == wanted)
    if after is not None:
        query = query.where(sa.tuple_(*_BALANCE_KEY) > sa.tuple_(*after))
    return [Held(*row) for row in session.execute(query.order_by(*_BALANCE_KEY).limit(limit))]


def trial_balance(session: Session, movement: str, *, fund: str | None, as_of: date | None) -> Sequence[Sum]:
    """What each account comes to at the end of a day (None: of all that is posted), by currency and account.

    The kept balances less what was posted for later days: reading costs what came since, not all that there is.
    """
    sums: Counter[tuple[str, str]] = Counter()
    for currency, account, pence in session.execute(_kept(movement, fund)):
        sums[currency, account] += pence
    if as_of is not None:
        for currency, account, pence in session.execute(_later(movement, fund, as_of)):
            sums[currency, account] -= pence
    return [Sum(currency, account, pence) for (currency, account), pence in sorted(sums.items()) if pence]


def funders(session: Session, movement: str, award: str) -> Sequence[Share]:
    """The contributions whose money an award was paid, with how much of each, in the order of their making."""
    moved = _moved(movement, LedgerLine.contribution_id, LedgerLine.award_id == award)
    query = (
        sa.select(Contribution, moved.c.paid, moved.c.returned)
        .join(moved, moved.c.of == Contribution.id)
        .where(Contribution.movement == movement)
    )
    return [Share(*row) for row in session.execute(query.order_by(Contribution.id))]


def uses(session: Session, movement: str, contribution: str, *, after: str, limit: int) -> Sequence[Use]:
    """The awards that were paid of a contribution, in the order of their offering, those after ``after`` first."""
    paid = sa.and_(LedgerLine.contribution_id == contribution, LedgerLine.award_id > after)
    moved = _moved(movement, LedgerLine.award_id, paid)
    return [Use(*row) for row in session.execute(sa.select(moved).order_by(moved.c.of).limit(limit))]


def find_contribution(session: Session, movement: str, contribution: str) -> Contribution | None:
    """The contribution."""
    return session.get(Contribution, (movement, contribution))


def replay(session: Session, movement: str) -> Replayed:
    """Add up every line anew, and compare with the balances that are kept. It grows with the ledger."""
    total = sa.cast(sa.func.sum(LedgerLine.pence), sa.BigInteger)
    of = sa.func.coalesce(LedgerLine.contribution_id, "")
    key = (LedgerLine.fund_id, LedgerLine.account, of, LedgerLine.restriction)
    query = sa.select(*key, total, sa.func.count()).where(LedgerLine.movement == movement).group_by(*key)
    replayed: dict[tuple[str, str, str, str], int] = {}
    lines = 0
    for fund, account, contribution, restriction, pence, count in session.execute(query):
        replayed[fund, account, contribution, restriction] = pence
        lines += count
    kept = {
        (row.fund_id, row.account, row.contribution_id, row.restriction): row.balance
        for row in session.scalars(sa.select(LedgerBalance).where(LedgerBalance.movement == movement))
    }
    differences = [
        Difference(*each, kept.get(each, 0), replayed.get(each, 0))
        for each in sorted(kept.keys() | replayed.keys())
        if kept.get(each, 0) != replayed.get(each, 0)
    ]
    entries = sa.select(sa.func.count()).select_from(LedgerEntry).where(LedgerEntry.movement == movement)
    return Replayed(session.scalar(entries) or 0, lines, differences)


def _with_lines(session: Session, movement: str, entries: Sequence[LedgerEntry]) -> list[Posted]:
    of = sa.select(LedgerLine).where(
        LedgerLine.movement == movement, LedgerLine.entry_id.in_([entry.id for entry in entries])
    )
    lines: dict[str, list[LedgerLine]] = {entry.id: [] for entry in entries}
    for line in session.scalars(of.order_by(LedgerLine.entry_id, LedgerLine.number)):
        lines[line.entry_id].append(line)
    return [Posted(entry, lines[entry.id]) for entry in entries]


def _kept(movement: str, fund: str | None) -> sa.Select[str, str, int]:
    query = (
        sa.select(Fund.currency, LedgerBalance.account, sa.cast(sa.func.sum(LedgerBalance.balance), sa.BigInteger))
        .join(Fund, sa.and_(Fund.movement == LedgerBalance.movement, Fund.id == LedgerBalance.fund_id))
        .where(LedgerBalance.movement == movement)
        .group_by(Fund.currency, LedgerBalance.account)
    )
    return query if fund is None else query.where(LedgerBalance.fund_id == fund)


def _later(movement: str, fund: str | None, day: date) -> sa.Select[str, str, int]:
    query = (
        sa.select(LedgerEntry.currency, LedgerLine.account, sa.cast(sa.func.sum(LedgerLine.pence), sa.BigInteger))
        .join(LedgerLine, sa.and_(LedgerLine.movement == LedgerEntry.movement, LedgerLine.entry_id == LedgerEntry.id))
        .where(LedgerEntry.movement == movement, LedgerEntry.day > day)
        .group_by(LedgerEntry.currency, LedgerLine.account)
    )
    return query if fund is None else query.where(LedgerLine.fund_id == fund)


def _moved(movement: str, of: InstrumentedAttribute[str | None], which: sa.ColumnElement[bool]) -> sa.Subquery:
    """What left the bank for awards and came back to it, by a column of the lines; nothing where neither happened."""
    pence = LedgerLine.pence
    out, back = sa.case((pence < 0, -pence), else_=0), sa.case((pence > 0, pence), else_=0)
    query = sa.select(
        of.label("of"),
        sa.cast(sa.func.sum(out), sa.BigInteger).label("paid"),
        sa.cast(sa.func.sum(back), sa.BigInteger).label("returned"),
    ).where(
        LedgerLine.movement == movement,
        LedgerLine.account == Account.BANK.value,
        LedgerLine.award_id.is_not(None),
        LedgerLine.contribution_id.is_not(None),
        which,
    )
    return query.group_by(of).subquery()
