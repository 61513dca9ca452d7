"""The tables of the ledger: entries and lines, which are only ever added to, each account's balance, the closed years.

Triggers of the database refuse to change or delete what was posted; the one column that may change is the words of a
reason, from which somebody who is erased is taken out.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from services.grants.ledger.chart import Account, Kind, Restriction, Side, on
from shared.errors import Conflict

_CODE = {"holds": "code"}
"""A word or an id of ours, in which nobody is spoken of."""


def _one_of(column: str, known: list[str]) -> str:
    return f"{column} IN ({', '.join(repr(each) for each in known)})"


class OverDrawn(Conflict):
    """The entry would leave an account on the wrong side of nothing: money would move that is not there."""

    code = "over_drawn"
    title = "There is less than that"


class AlreadyReversed(Conflict):
    """The entry was reversed before, or is itself a reversal."""

    code = "already_reversed"
    title = "The entry is reversed already"


class YearClosed(Conflict):
    """The day lies in a financial year that is closed: what was wrong in it is corrected in the open one."""

    code = "year_closed"
    title = "That financial year is closed"


class LedgerEntry(Base):
    """What moved money: of which kind, on which day, about which record. Its lines sum to zero."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        sa.CheckConstraint(_one_of("kind", [kind.value for kind in Kind]), name="ledger_entries_known_kind"),
        sa.CheckConstraint("reverses IS NULL OR reason IS NOT NULL", name="ledger_entries_reversed_for_a_reason"),
        sa.ForeignKeyConstraint(["movement", "reverses"], ["ledger_entries.movement", "ledger_entries.id"]),
        sa.Index("ledger_entries_by_day", "movement", "day", "id"),
        sa.Index("ledger_entries_by_subject", "movement", "about", "id"),
        sa.Index("ledger_entries_reversed_once", "movement", "reverses", unique=True),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(info=_CODE)
    day: Mapped[date] = mapped_column(sa.Date)
    about: Mapped[str] = mapped_column(info=_CODE)
    """The id of the contribution, award, payment or other record that it is about."""
    currency: Mapped[str] = mapped_column(info=_CODE)
    reverses: Mapped[str | None] = mapped_column(info=_CODE)
    reason: Mapped[str | None]
    posted_at: Mapped[datetime]


class LedgerLine(Base):
    """So many pence on an account of a fund: debits are positive, credits negative."""

    __tablename__ = "ledger_lines"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "entry_id"], ["ledger_entries.movement", "ledger_entries.id"]),
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.ForeignKeyConstraint(["movement", "contribution_id"], ["contributions.movement", "contributions.id"]),
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint("pence <> 0", name="ledger_lines_move_something"),
        sa.CheckConstraint(_one_of("account", [each.value for each in Account]), name="ledger_lines_known_account"),
        sa.Index("ledger_lines_by_award", "movement", "award_id", "account"),
        sa.Index("ledger_lines_by_contribution", "movement", "contribution_id", "account"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    entry_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(info=_CODE)
    fund_id: Mapped[str]
    contribution_id: Mapped[str | None]
    award_id: Mapped[str | None]
    restriction: Mapped[str] = mapped_column(info=_CODE)
    pence: Mapped[int]


class LedgerBalance(Base):
    """What the lines of an account come to, by fund, contribution and restriction: kept with every entry.

    ``contribution_id`` is empty where money is not known to be any contribution's. ``first_day`` is that of the first
    line, by which the oldest money is told.
    """

    __tablename__ = "ledger_balances"
    __table_args__ = (
        sa.CheckConstraint(
            f"balance >= 0 OR NOT {_one_of('account', on(Side.DEBIT))}", name="ledger_balances_never_overdrawn"
        ),
        sa.CheckConstraint(
            f"balance <= 0 OR NOT {_one_of('account', on(Side.CREDIT))}", name="ledger_balances_never_overpaid"
        ),
        sa.CheckConstraint(
            _one_of("restriction", [each.value for each in Restriction]), name="ledger_balances_known_restriction"
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    fund_id: Mapped[str] = mapped_column(primary_key=True)
    account: Mapped[str] = mapped_column(primary_key=True)
    contribution_id: Mapped[str] = mapped_column(primary_key=True)
    restriction: Mapped[str] = mapped_column(primary_key=True)
    balance: Mapped[int]
    first_day: Mapped[date] = mapped_column(sa.Date)


class LedgerYear(Base):
    """A financial year that is closed: nothing is dated into it any more, and it is never opened again."""

    __tablename__ = "ledger_years"
    __table_args__ = (
        sa.CheckConstraint("starts_on <= ends_on", name="ledger_years_start_first"),
        sa.Index("ledger_years_closed_once", "movement", "ends_on", unique=True),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    starts_on: Mapped[date] = mapped_column(sa.Date)
    ends_on: Mapped[date] = mapped_column(sa.Date)
    closed_at: Mapped[datetime]
    # Who answers for the accounts: a user of the gateway, by an id that says nothing else of them.
    closed_by: Mapped[str] = mapped_column(info=_CODE)
