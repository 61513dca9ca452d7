"""The tables of funds and contributions. Every money column is in pence, the currency's minor unit."""

from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from shared.errors import Conflict


class OverFund(Conflict):
    """The fund's cleared money, less what other rounds hold of it, does not reach for this budget."""

    code = "over_fund"
    title = "More than the fund has available"


class OverPromise(Conflict):
    """More would have cleared than the funder promised."""

    code = "over_promise"
    title = "More than was promised"


class Fund(Base):
    """Money of a grant-maker for a purpose. What rounds hold of it (``reserved``) never exceeds what cleared.

    Of several funds one may take the rounds that people's wishes suggest.
    """

    __tablename__ = "funds"
    __table_args__ = (
        sa.CheckConstraint("0 <= reserved AND reserved <= cleared", name="funds_never_overspent"),
        sa.CheckConstraint("cleared <= promised", name="funds_cleared_as_promised"),
        sa.Index(
            "funds_one_takes_suggestions",
            "movement",
            unique=True,
            sqlite_where=sa.text("takes_suggestions"),
            postgresql_where=sa.text("takes_suggestions"),
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    currency: Mapped[str]
    grant_maker: Mapped[str]
    purpose: Mapped[str]
    grant_maker_organisation: Mapped[str | None]
    holder: Mapped[str | None]
    promised: Mapped[int]
    cleared: Mapped[int]
    reserved: Mapped[int]
    takes_suggestions: Mapped[bool]
    created_at: Mapped[datetime]


class Contribution(Base):
    """What one funder promised to a fund, under which restriction, and how much of it has cleared."""

    __tablename__ = "contributions"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.CheckConstraint(
            "0 < promised AND 0 <= cleared AND cleared <= promised", name="contributions_cleared_as_promised"
        ),
        sa.Index("contributions_by_fund", "movement", "fund_id", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    fund_id: Mapped[str]
    funder: Mapped[str]
    restriction: Mapped[str | None]
    currency: Mapped[str]
    promised: Mapped[int]
    cleared: Mapped[int]
    created_at: Mapped[datetime]

    def clear(self, pence: int) -> None:
        """Count ``pence`` more as arrived; :class:`OverPromise` where that passes the promise."""
        if self.cleared + pence > self.promised:
            raise OverPromise("more would have cleared than was promised")
        self.cleared += pence


class FundPosition(NamedTuple):
    """A fund, and the pence committed to the live awards of all its rounds."""

    fund: Fund
    committed: int
