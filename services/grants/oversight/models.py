"""The rules by which a fund's awards are looked at, and who looked at which. Amounts in pence."""

import hashlib
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from shared.errors import Conflict


class LookAt(StrEnum):
    """Which of the awards that others made are put before those who oversee: every one, a sample, or none."""

    EVERY = "every"
    SAMPLE = "sample"
    NONE = "none"


class CountersignatureMissing(Conflict):
    """An award of this size is paid only once somebody who oversees the fund has signed it too."""

    code, title = "countersignature_missing", "The award waits for a countersignature"


class NothingToSign(Conflict):
    """The award was made by the fund's own, or has ended: nobody needs to look at it."""

    code, title = "nothing_to_sign", "This award is not for anybody to countersign"


class OversightRule(Base):
    """How a fund's delegated awards are overseen while it is at a stage.

    ``one_in`` is the size of the sample: one award in so many, told by the award's id, so that nobody chooses it.
    Awards of more than ``sign_above`` wait for a countersignature before they are paid; None: none does.
    """

    __tablename__ = "oversight_rules"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.CheckConstraint("look_at IN ('every', 'sample', 'none')", name="oversight_rules_known_look"),
        sa.CheckConstraint("(look_at = 'sample') = (one_in IS NOT NULL)", name="oversight_rules_size_of_sample"),
        sa.CheckConstraint("one_in > 0", name="oversight_rules_sample_of_some"),
        sa.CheckConstraint("sign_above >= 0", name="oversight_rules_sign_above"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    fund_id: Mapped[str] = mapped_column(primary_key=True)
    stage: Mapped[str] = mapped_column(primary_key=True)
    look_at: Mapped[str]
    one_in: Mapped[int | None]
    sign_above: Mapped[int | None]
    updated_at: Mapped[datetime]

    def picks(self, award_id: str) -> bool:
        """Whether an award is among those that are looked at."""
        if self.look_at == LookAt.SAMPLE and self.one_in is not None:
            return int.from_bytes(hashlib.sha256(award_id.encode()).digest()[:8]) % self.one_in == 0
        return self.look_at == LookAt.EVERY

    def wants_signature(self, pence: int) -> bool:
        """Whether an award of so much waits for a countersignature."""
        return self.sign_above is not None and pence > self.sign_above


class Countersignature(Base):
    """That somebody who oversees the fund looked at an award of this amount and agrees. ``user`` is who did."""

    __tablename__ = "countersignatures"
    __table_args__ = (sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    award_id: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
    currency: Mapped[str]
    user: Mapped[str]
    signed_at: Mapped[datetime]


class Overseen(NamedTuple):
    """An award that is put before those who oversee its fund, whether it waits for their signature, and that."""

    award_id: str
    delegation_id: str
    state: str
    amount: int
    currency: str
    waits: bool
    signed_by: str | None
    signed_at: datetime | None
