"""Every SQL statement that posts to the ledger, and those by which a payment finds its money."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.grants.applications.models import Application
from services.grants.awards.models import Award, AwardState
from services.grants.funds.models import Contribution, Fund
from services.grants.ledger.chart import Account, Restriction, Side, on
from services.grants.ledger.models import LedgerBalance, LedgerEntry, LedgerLine, LedgerYear
from services.grants.ledger.tracing import Asked, Bound, Source, Unpaid, fits
from services.grants.places.nesting import Nesting, areas_of
from services.grants.rounds.models import Round
from shared.db.hot import Value, hot

_hold_fund = hot(
    sa.select(Fund.currency)
    .where(Fund.movement == sa.bindparam("in_movement"), Fund.id == sa.bindparam("fund"))
    .with_for_update(key_share=True)
)
_insert_entry = hot(sa.insert(LedgerEntry))
_insert_lines = hot(sa.insert(LedgerLine))
_after = LedgerBalance.balance + sa.bindparam("pence")
_move = hot(
    sa.update(LedgerBalance)
    .where(
        LedgerBalance.movement == sa.bindparam("in_movement"),
        LedgerBalance.fund_id == sa.bindparam("fund"),
        LedgerBalance.account == sa.bindparam("of_account"),
        LedgerBalance.contribution_id == sa.bindparam("contribution"),
        LedgerBalance.restriction == sa.bindparam("restricted"),
        sa.or_(LedgerBalance.account.not_in(on(Side.DEBIT)), _after >= 0),
        sa.or_(LedgerBalance.account.not_in(on(Side.CREDIT)), _after <= 0),
    )
    .values(balance=_after)
)

_is_closed = hot(
    sa.select(sa.literal(1)).where(
        sa.exists().where(
            LedgerYear.movement == sa.bindparam("in_movement"), LedgerYear.ends_on >= sa.bindparam("on_day")
        )
    )
)

_TO_BE_PAID = [each.value for each in (AwardState.OFFERED, AwardState.ACCEPTED, AwardState.ACTIVE)]

Key = tuple[str, str, str, str]
"""Fund, account, contribution (or empty) and restriction: what a balance is of."""


def hold_fund(session: Session, movement: str, fund_id: str) -> str | None:
    """The fund's currency, the fund being held until the transaction ends; None where there is no such fund.

    Whoever posts to a fund holds it first, so the balances beneath it are never waited for in a circle.
    """
    row = _hold_fund.one(session, {"in_movement": movement, "fund": fund_id})
    return None if row is None else str(row[0])


def is_closed(session: Session, movement: str, day: date) -> bool:
    """Whether a day lies in a year that is closed."""
    return _is_closed.one(session, {"in_movement": movement, "on_day": day.isoformat()}) is not None


def insert(session: Session, movement: str, entry: Mapping[str, Value], lines: Sequence[Mapping[str, Value]]) -> None:
    """Write an entry and its lines."""
    _insert_entry.run(session, {"movement": movement, **entry})
    _insert_lines.many(session, [{"movement": movement, **line} for line in lines])


def move(session: Session, movement: str, key: Key, pence: int, day: date) -> bool:
    """Add to a balance in one conditional update; False, and nothing added, where it would pass its side of nothing."""
    fund, account, contribution, restriction = key
    named = {"in_movement": movement, "fund": fund, "of_account": account, "contribution": contribution}
    change: dict[str, Value] = {**named, "restricted": restriction, "pence": pence}
    if _move.run(session, change):
        return True
    where = {"movement": movement, "fund_id": fund, "account": account, "contribution_id": contribution}
    if session.get(LedgerBalance, (*where.values(), restriction)) is not None:
        return False
    # The fund is held, so nobody else begins the same balance at this moment.
    session.execute(sa.insert(LedgerBalance).values(**where, restriction=restriction, balance=0, first_day=day))
    return _move.run(session, change) == 1


def restrictions(session: Session, movement: str, contributions: Collection[str]) -> dict[tuple[str, str], Restriction]:
    """Whether the money of contributions is restricted, by their fund and id; those that are not there are left out."""
    query = sa.select(Contribution).where(Contribution.movement == movement, Contribution.id.in_(contributions))
    return {(row.fund_id, row.id): _restriction(row) for row in session.scalars(query)}


def find_entry(session: Session, movement: str, entry_id: str) -> LedgerEntry | None:
    """The entry."""
    return session.get(LedgerEntry, (movement, entry_id))


def find_about(session: Session, movement: str, about: str, kind: str) -> LedgerEntry | None:
    """The latest entry of a kind about a record."""
    query = sa.select(LedgerEntry).where(
        LedgerEntry.movement == movement, LedgerEntry.about == about, LedgerEntry.kind == kind
    )
    return session.scalars(query.order_by(LedgerEntry.id.desc()).limit(1)).one_or_none()


def reversal_of(session: Session, movement: str, entry_id: str) -> str | None:
    """The entry that reverses this one, if there is one."""
    query = sa.select(LedgerEntry.id).where(LedgerEntry.movement == movement, LedgerEntry.reverses == entry_id)
    return session.scalar(query)


def lines_of(session: Session, movement: str, entries: Iterable[str]) -> Sequence[LedgerLine]:
    """The lines of entries, in their order."""
    query = sa.select(LedgerLine).where(LedgerLine.movement == movement, LedgerLine.entry_id.in_(list(entries)))
    return session.scalars(query.order_by(LedgerLine.entry_id, LedgerLine.number)).all()


def money_at_hand(session: Session, movement: str, fund_id: str, award_id: str) -> list[Source]:
    """The contributions of a fund that have money in the bank which an award may be paid of, with how much of it."""
    asked = _asked_for(session, movement, award_id)
    at_hand = bound_money_at_hand(session, movement, fund_id)
    return [each.source for each in at_hand if asked is not None and fits(each.only, asked)]


def bound_money_at_hand(session: Session, movement: str, fund_id: str) -> list[Bound]:
    """The contributions of a fund that have money in the bank, with how much of it and what it is bound to."""
    of = (Contribution.movement == LedgerBalance.movement) & (Contribution.id == LedgerBalance.contribution_id)
    query = sa.select(LedgerBalance, Contribution.fits).join(Contribution, of)
    at_hand = query.where(
        LedgerBalance.movement == movement,
        LedgerBalance.fund_id == fund_id,
        LedgerBalance.account == Account.BANK.value,
        LedgerBalance.balance > 0,
    )
    return [
        Bound(Source(row.contribution_id, row.balance, row.restriction == Restriction.RESTRICTED, row.first_day), only)
        for row, only in session.execute(at_hand.execution_options(populate_existing=True))
    ]


def unpaid(session: Session, movement: str, fund_id: str) -> list[Unpaid]:
    """What the awards of a fund are still to be paid, the oldest first: of offers too, for their rounds hold it."""
    live = Award.state.in_(_TO_BE_PAID)
    owed = sa.case((live, Award.amount - Award.paid), else_=Award.owed)
    query = (
        sa.select(owed, Application.place, Application.group_kind, Application.theme)
        .join(Application, (Award.movement == Application.movement) & (Award.application_id == Application.id))
        .join(Round, (Award.movement == Round.movement) & (Award.round_id == Round.id))
        .where(Award.movement == movement, Round.fund_id == fund_id, owed > 0)
    )
    rows = session.execute(query.order_by(Award.id)).all()
    areas = Nesting(session, movement, [place for _, place, _, _ in rows])
    return [Unpaid(pence, Asked(areas(place), kind, theme)) for pence, place, kind, theme in rows]


def _asked_for(session: Session, movement: str, award_id: str) -> Asked | None:
    """Where an award's group is at work, what sort of group it is, and on which theme."""
    query = (
        sa.select(Application.place, Application.group_kind, Application.theme)
        .join(Award, (Award.movement == Application.movement) & (Award.application_id == Application.id))
        .where(Award.movement == movement, Award.id == award_id)
    )
    row = session.execute(query).one_or_none()
    if row is None:
        return None
    place, kind, theme = row
    return Asked(areas_of(session, movement, place), kind, theme)


def _restriction(contribution: Contribution) -> Restriction:
    bound = contribution.restriction is not None or any(contribution.fits.values())
    return Restriction.RESTRICTED if bound else Restriction.UNRESTRICTED


def of_award(session: Session, movement: str, award_id: str, account: Account) -> dict[str, int]:
    """What the lines of an award come to on an account, by contribution; contributions that come to nothing are out."""
    total = sa.func.sum(LedgerLine.pence)
    query = (
        sa.select(LedgerLine.contribution_id, sa.cast(total, sa.BigInteger))
        .where(
            LedgerLine.movement == movement,
            LedgerLine.award_id == award_id,
            LedgerLine.account == account.value,
            LedgerLine.contribution_id.is_not(None),
        )
        .group_by(LedgerLine.contribution_id)
        .having(total != 0)
        .order_by(LedgerLine.contribution_id)
    )
    return {contribution: pence for contribution, pence in session.execute(query) if contribution is not None}
