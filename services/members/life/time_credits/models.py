"""Tables of the time bank: its terms, and the transfers that every balance is the sum of.

A transfer has one minute count and two sides, so what one side has more the other has less: nothing can be written that
makes hours out of nothing. Nothing is changed or deleted either; what was wrong is reversed by another transfer.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_PERSON, Base
from services.members.directory.organisations.models import of_organisation
from services.members.erasing import LEADS_NOWHERE
from shared.errors import Conflict

DEFAULT_LOWEST = -600
"""Minutes: ten hours of help before somebody gives the first, until the movement agrees on another limit."""


class BelowLimit(Conflict):
    """The side that is helped would owe more than the bank allows; ``balance`` and ``lowest`` are in minutes."""

    code = "below_limit"
    title = "That is more time than the bank lends"


class ReversedAlready(Conflict):
    """A transfer is reversed once; ``reversal`` is by which one. A reversal is not reversed: it is transferred anew."""

    code = "reversed_already"
    title = "This transfer counts for nothing already"


class TimeBank(Base):
    """The terms of a movement's time bank: ``lowest`` is the balance in minutes below which nobody is helped."""

    __tablename__ = "time_banks"
    __table_args__ = (sa.CheckConstraint("lowest <= 0", name="time_banks_lend"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    lowest: Mapped[int]
    updated_at: Mapped[datetime]


class TimeTransfer(Base):
    """Time that one side gave and the other had. ``reverses`` is the transfer that this one undoes, and ``why``.

    ``activity`` is what it counted for on the helper's ladder.
    """

    __tablename__ = "time_transfers"
    __table_args__ = (
        of_organisation("helper_organisation"),
        of_organisation("helped_organisation"),
        sa.ForeignKeyConstraint(["movement", "reverses"], ["time_transfers.movement", "time_transfers.id"]),
        sa.UniqueConstraint("movement", "reverses"),
        sa.CheckConstraint("minutes > 0", name="time_transfers_of_some_time"),
        sa.CheckConstraint("(helper_person IS NULL) <> (helper_organisation IS NULL)", name="time_transfers_one_helps"),
        sa.CheckConstraint(
            "(helped_person IS NULL) <> (helped_organisation IS NULL)", name="time_transfers_one_is_helped"
        ),
        sa.CheckConstraint("(reverses IS NULL) = (why IS NULL)", name="time_transfers_reversed_with_a_reason"),
        *(
            sa.Index(f"time_transfers_by_{side}", "movement", side)
            for side in ("helper_person", "helped_person", "helper_organisation", "helped_organisation")
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    helper_person: Mapped[str | None] = mapped_column(info=HOLDS_PERSON | LEADS_NOWHERE)
    helper_organisation: Mapped[str | None]
    helped_person: Mapped[str | None] = mapped_column(info=HOLDS_PERSON | LEADS_NOWHERE)
    helped_organisation: Mapped[str | None]
    minutes: Mapped[int]
    what: Mapped[str]
    on: Mapped[date]
    reverses: Mapped[str | None]
    why: Mapped[str | None]
    activity: Mapped[str | None]
    recorded_by: Mapped[str]
    recorded_at: Mapped[datetime]
