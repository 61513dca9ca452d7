"""The table of repayments and their legal steps. Amounts in pence."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from shared.errors import Conflict


class RepaymentKind(StrEnum):
    """Why it is asked back: the award was cancelled, or not all of it was spent when the group had done with it."""

    CANCELLED = "cancelled"
    UNDERSPENT = "underspent"


class RepaymentState(StrEnum):
    """Requested until nothing of it is left; then written off where any of it was, else received, else withdrawn."""

    REQUESTED = "requested"
    RECEIVED = "received"
    WRITTEN_OFF = "written_off"
    WITHDRAWN = "withdrawn"


class OverRepayment(Conflict):
    """More would be received or written off than is still asked back; ``left`` says how much that is."""

    code = "over_repayment"
    title = "More than is still asked back"


class Repayment(Base):
    """What a group is asked to pay back of an award; ``received``, ``written_off`` and ``withdrawn`` are parts of it.

    It is withdrawn as far as the bank itself sent a payment back, so that the group never had it.
    """

    __tablename__ = "repayments"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint(
            "0 < pence AND 0 <= received AND 0 <= written_off AND 0 <= withdrawn"
            " AND received + written_off + withdrawn <= pence",
            name="repayments_add_up",
        ),
        sa.CheckConstraint("kind IN ('cancelled', 'underspent')", name="repayments_known_kind"),
        sa.CheckConstraint("(written_off > 0) = (reason IS NOT NULL)", name="repayments_written_off_for_a_reason"),
        sa.Index("repayments_by_award", "movement", "award_id", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    award_id: Mapped[str]
    kind: Mapped[str]
    currency: Mapped[str]
    pence: Mapped[int]
    received: Mapped[int]
    written_off: Mapped[int]
    withdrawn: Mapped[int]
    reason: Mapped[str | None]
    requested_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    @property
    def left(self) -> int:
        """What is still asked back."""
        return self.pence - self.received - self.written_off - self.withdrawn

    @property
    def state(self) -> RepaymentState:
        """How far it is."""
        if self.left:
            return RepaymentState.REQUESTED
        if self.written_off:
            return RepaymentState.WRITTEN_OFF
        return RepaymentState.RECEIVED if self.received else RepaymentState.WITHDRAWN

    def receive(self, pence: int, at: datetime) -> None:
        """So much of it has come. Raises :class:`OverRepayment`."""
        self._settle(pence, at)
        self.received += pence

    def write_off(self, pence: int, reason: str, at: datetime) -> None:
        """So much of it will not come. Raises :class:`OverRepayment`."""
        self._settle(pence, at)
        self.written_off += pence
        self.reason = reason

    def withdraw(self, pence: int, at: datetime) -> None:
        """So much of it is not asked back any more. Raises :class:`OverRepayment`."""
        self._settle(pence, at)
        self.withdrawn += pence

    def _settle(self, pence: int, at: datetime) -> None:
        if pence > self.left:
            raise OverRepayment("no more than that", left=self.left)
        if pence == self.left:
            self.settled_at = at
