"""The tables of funds and contributions. Every money column is in pence, the currency's minor unit."""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from services.grants.rounds.rules import StoredEligibility
from shared.errors import Conflict


class OverFund(Conflict):
    """The fund's cleared money, less what other rounds hold of it, does not reach for this budget."""

    code = "over_fund"
    title = "More than the fund has available"


class OverPromise(Conflict):
    """More would have cleared than the funder promised."""

    code = "over_promise"
    title = "More than was promised"


class FeeForbidden(Conflict):
    """What its funder said does not let a fee for running the fund be taken of this money."""

    code = "fee_forbidden"
    title = "No fee may be taken of this contribution"


class NotLeft(Conflict):
    """So much is not there any more: it was awarded, returned or taken, or a round holds it."""

    code = "not_left"
    title = "Less than that is left"


class NoUnderspendRule(Conflict):
    """Nobody said what is to become of what the fund does not spend in time."""

    code = "no_underspend_rule"
    title = "The fund has no rule for what is not spent"


class NotDue(Conflict):
    """There is time yet to spend the fund, or nobody said until when there is; ``spend_by`` is its last day."""

    code = "not_due"
    title = "The fund may still be spent"


class OutsidePurpose(Conflict):
    """The fund may not be spent on this; the problem's ``outside`` says what it is outside of."""

    code = "outside_purpose"
    title = "Outside what the fund may be spent on"


class Stage(StrEnum):
    """How far the movement has come, as far as the oversight of a fund goes by it."""

    EARLY = "early"
    LATER = "later"


class UnderspendRule(StrEnum):
    """What becomes of what is not spent in time: it goes back to its funders, is kept for later, or for another use."""

    RETURN = "return"
    ROLL_OVER = "roll_over"
    REALLOCATE = "reallocate"


class Fund(Base):
    """Money of a grant-maker for a purpose. What rounds hold of it (``reserved``) never exceeds what cleared.

    ``cleared`` is what cleared and was neither returned nor taken as a fee since. ``restrictions`` say in machine form
    what it may be spent on; an empty list is anything. Of several funds one may take the rounds that people's wishes
    suggest.
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
    programme: Mapped[str | None]
    stage: Mapped[str]
    restrictions: Mapped[StoredEligibility] = mapped_column(sa.JSON)
    spend_by: Mapped[date | None]
    underspend_rule: Mapped[str | None]
    promised: Mapped[int]
    cleared: Mapped[int]
    reserved: Mapped[int]
    takes_suggestions: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class Contribution(Base):
    """What one funder promised to a fund, under which restriction, and how much of it has cleared.

    ``cleared`` is what cleared and was neither taken as a fee (``fees``), nor sent back to the funder (``returned``),
    nor ``moved`` to another fund, where it is a contribution that was ``moved_from`` this one. ``restriction`` is in
    the funder's words, ``fits`` the same in machine form.
    """

    __tablename__ = "contributions"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.ForeignKeyConstraint(["movement", "moved_from"], ["contributions.movement", "contributions.id"]),
        sa.CheckConstraint(
            "0 <= cleared AND 0 <= fees AND 0 <= returned AND 0 <= moved"
            " AND cleared + fees + returned + moved <= promised",
            name="contributions_cleared_as_promised",
        ),
        sa.Index("contributions_by_fund", "movement", "fund_id", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    fund_id: Mapped[str]
    funder: Mapped[str]
    funder_organisation: Mapped[str | None]
    restriction: Mapped[str | None]
    currency: Mapped[str]
    promised: Mapped[int]
    cleared: Mapped[int]
    fits: Mapped[StoredEligibility] = mapped_column(sa.JSON)
    fee_allowed: Mapped[bool]
    fees: Mapped[int]
    returned: Mapped[int]
    moved: Mapped[int]
    moved_from: Mapped[str | None]
    created_at: Mapped[datetime]

    @property
    def arrived(self) -> int:
        """All that ever cleared of it."""
        return self.cleared + self.fees + self.returned + self.moved

    def clear(self, pence: int) -> None:
        """Count ``pence`` more as arrived; :class:`OverPromise` where that passes the promise."""
        if self.arrived + pence > self.promised:
            raise OverPromise("more would have cleared than was promised")
        self.cleared += pence

    def reduce(self, pence: int) -> None:
        """Count on ``pence`` less; :class:`NotLeft` where more than the rest has arrived."""
        if self.arrived > self.promised - pence:
            raise NotLeft("more than that has arrived of it")
        self.promised -= pence

    def give_back(self, pence: int) -> None:
        """Count ``pence`` as returned to the funder; :class:`NotLeft`."""
        self._take(pence)
        self.returned += pence

    def move(self, pence: int) -> None:
        """Count ``pence`` as another fund's from now on; :class:`NotLeft`."""
        self._take(pence)
        self.moved += pence

    def take_fee(self, pence: int) -> None:
        """Count ``pence`` as taken for running the fund; :class:`FeeForbidden`, :class:`NotLeft`."""
        if not self.fee_allowed:
            raise FeeForbidden("its funder gave it for grants alone")
        self._take(pence)
        self.fees += pence

    def _take(self, pence: int) -> None:
        if pence > self.cleared:
            raise NotLeft("less than that has cleared and is left of it")
        self.cleared -= pence


class Spending(NamedTuple):
    """How far a fund is spent: pence committed to live awards, pence paid out, the days left to its spend-by, and
    whether that is near."""

    fund: Fund
    committed: int
    paid: int
    days_left: int | None
    near: bool


class FundPosition(NamedTuple):
    """A fund, and the pence committed to the live awards of all its rounds."""

    fund: Fund
    committed: int


class StoredFund(NamedTuple):
    """What the row of a fund says, for whoever only reads it."""

    restrictions: StoredEligibility
    spend_by: date | None
    takes_suggestions: bool
    created_at: datetime
    updated_at: datetime
    id: str
    name: str
    currency: str
    grant_maker: str
    purpose: str
    grant_maker_organisation: str | None
    holder: str | None
    programme: str | None
    stage: str
    underspend_rule: str | None
    promised: int
    cleared: int
    reserved: int
    version: int


class FundRead(NamedTuple):
    """The same as :class:`FundPosition`, for whoever only reads it."""

    fund: StoredFund
    committed: int


class Part(NamedTuple):
    """So many pence of a contribution; ``moved_to`` is the contribution of the other fund that they are now."""

    contribution: Contribution
    pence: int
    moved_to: str | None


class Settled(NamedTuple):
    """What became of what was not spent: the fund as it is now, by which rule, and what of each contribution."""

    fund: FundPosition
    rule: UnderspendRule
    parts: list[Part]
