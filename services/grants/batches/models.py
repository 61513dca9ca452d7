"""The tables of batches, of every time that a batch's file was made, and of the layouts of banks' files."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class BatchState(StrEnum):
    """Open until it is exported, once; or dissolved, and its payments may go into another."""

    OPEN = "open"
    EXPORTED = "exported"
    DISSOLVED = "dissolved"


LIFECYCLE = Lifecycle(
    "a batch",
    {
        BatchState.OPEN: {BatchState.EXPORTED, BatchState.DISSOLVED},
        BatchState.EXPORTED: set(),
        BatchState.DISSOLVED: set(),
    },
)


class NothingToPay(Conflict):
    """No approved payment is due that is in no batch and may go out now."""

    code, title = "nothing_to_pay", "There is nothing to pay"


class AlreadyExported(Conflict):
    """The file was made before; making it again is an act of its own, for a reason."""

    code, title = "already_exported", "The batch was exported"


class NotExported(Conflict):
    """The batch did not go to the bank, so the bank can say nothing of it."""

    code, title = "not_exported", "The batch was not exported"


class BatchBroken(Conflict):
    """Payments of the batch may not go out any more; each fault names one. Void them, or put right what forbids it."""

    code, title = "batch_broken", "Payments of the batch may not go out now"


class FileChanged(Conflict):
    """The file made anew would not be the one that the bank was given."""

    code, title = "file_changed", "The file would not be the one that was exported"


class TemplateExists(Conflict):
    """A layout is not changed, for files were made by it: give the new one a name of its own."""

    code, title = "template_exists", "There is a layout of this name"


class PaymentBatch(Base):
    """Payments of a fund that go to the bank together. ``layout`` is the file's as it was when the batch was made.

    ``payer`` is the account out of which is paid, sealed. ``digest`` is the SHA-256 of the file, once it was made.
    """

    __tablename__ = "payment_batches"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "fund_id"], ["funds.movement", "funds.id"]),
        sa.CheckConstraint("state IN ('open', 'exported', 'dissolved')", name="payment_batches_known_state"),
        sa.CheckConstraint("(state = 'exported') = (digest IS NOT NULL)", name="payment_batches_exported_with_digest"),
        sa.Index("payment_batches_by_fund", "movement", "fund_id", "id"),
        sa.Index("payment_batches_by_change", "movement", "updated_at", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    fund_id: Mapped[str]
    currency: Mapped[str]
    template: Mapped[str]
    layout: Mapped[dict[str, object]] = mapped_column(sa.JSON)
    payer: Mapped[bytes | None]
    state: Mapped[str]
    digest: Mapped[str | None]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def export(self, digest: str, at: datetime) -> None:
        """The file is made, this once. Raises AlreadyExported, IllegalTransition."""
        if self.state == BatchState.EXPORTED:
            raise AlreadyExported("make it again only for a reason", digest=self.digest or "")
        self.state = LIFECYCLE.step(self.state, BatchState.EXPORTED)
        self.digest, self.updated_at = digest, at

    def dissolve(self, at: datetime) -> None:
        """It does not go to the bank."""
        self.state = LIFECYCLE.step(self.state, BatchState.DISSOLVED)
        self.updated_at = at

    def check_exported(self) -> None:
        """Whether the bank has it; NotExported."""
        if self.state != BatchState.EXPORTED:
            raise NotExported(f"it is {self.state}")


class BatchExport(Base):
    """One time that the file of a batch was made: by whom, and, from the second time on, why."""

    __tablename__ = "payment_batch_exports"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "batch_id"], ["payment_batches.movement", "payment_batches.id"]),
        sa.CheckConstraint("(number = 1) = (reason IS NULL)", name="payment_batch_exports_again_for_a_reason"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    batch_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    exported_by: Mapped[str]
    exported_at: Mapped[datetime]
    reason: Mapped[str | None]


class Template(Base):
    """A layout of a bank's file, as the movement entered it. It never changes."""

    __tablename__ = "payment_templates"

    movement: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    layout: Mapped[dict[str, object]] = mapped_column(sa.JSON)
    made_at: Mapped[datetime]


class Known(NamedTuple):
    """A batch, how many of its payments are in which state, their pence together, and each time its file was made."""

    batch: PaymentBatch
    counts: Mapping[str, int]
    pence: int
    exports: Sequence[BatchExport]


def payer_place(movement: str, batch: str) -> bytes:
    """What the payer's sealed account is bound to."""
    return f"{movement} {batch}".encode()
