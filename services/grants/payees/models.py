"""The tables of payees and of their accounts: bank details are sealed, each time they are entered a row of its own."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from shared.errors import Conflict, Forbidden


class PayeeKind(StrEnum):
    """The group that was awarded, or the accountable body that holds the money for it."""

    GROUP = "group"
    HOST = "host"


class AccountCheck(StrEnum):
    """What the modulus check of sort code and account number said. It never says that an account is right."""

    NOT_RUN = "not_run"
    NOT_COVERED = "not_covered"
    NOT_DISPROVED = "not_disproved"


class PayeeExists(Conflict):
    """An award has one payee, so that nobody gets round the call-back by making another one."""

    code, title = "payee_exists", "The award has a payee"


class OwnEdit(Forbidden):
    """Whoever entered bank details is not the one who makes sure of them."""

    code, title = "own_edit", "Somebody else has to do this: these details are yours"


class NotWaiting(Conflict):
    """There is nothing to make sure of: no changed details wait for it."""

    code, title = "not_waiting", "No change waits to be made sure of"


class Payee(Base):
    """Who receives an award's money: the group itself, or its host. ``account_id`` is the account that counts now.

    ``edited_by`` is the user who last said something else of it than its account.
    """

    __tablename__ = "payees"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "award_id"], ["awards.movement", "awards.id"]),
        sa.CheckConstraint("kind IN ('group', 'host')", name="payees_known_kind"),
        sa.Index("payees_one_an_award", "movement", "award_id", unique=True),
        sa.Index("payees_by_update", "movement", "updated_at"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    award_id: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str]
    account_id: Mapped[str | None]
    edited_by: Mapped[str | None]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class Account(Base):
    """Bank details as somebody entered them; entering others makes another row, which ``replaces`` the one before.

    ``sealed`` is emptied once no payment needs it any more, and when whose account it is is erased. ``entered_by`` and
    ``verified_by`` are users. Details that replace others wait until they were made sure of by a call to a number that
    was known before; ``known_from`` says from where.
    """

    __tablename__ = "payee_accounts"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "payee_id"], ["payees.movement", "payees.id"]),
        sa.CheckConstraint(
            "verified_by IS NULL OR verified_by <> entered_by", name="payee_accounts_verified_by_another"
        ),
        sa.CheckConstraint("(verified_by IS NULL) = (verified_at IS NULL)", name="payee_accounts_verified_at_once"),
        sa.CheckConstraint("checked IN ('not_run', 'not_covered', 'not_disproved')", name="payee_accounts_known_check"),
        sa.Index("payee_accounts_by_payee", "movement", "payee_id", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    payee_id: Mapped[str]
    sealed: Mapped[bytes | None]
    last_four: Mapped[str]
    checked: Mapped[str]
    replaces: Mapped[str | None]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]
    verified_by: Mapped[str | None]
    verified_at: Mapped[datetime | None]
    known_from: Mapped[str | None]

    @property
    def waits(self) -> bool:
        """Whether nobody has made sure of it yet: the first details that a payee had need no call."""
        return self.replaces is not None and self.verified_by is None

    @property
    def digest(self) -> str:
        """What stands for the sealed details in an approval: other details, or the same entered anew, have another."""
        return sha256(self.sealed or b"").hexdigest()

    def verify(self, by: str, known_from: str, at: datetime) -> None:
        """Somebody else called, and it is so. Raises NotWaiting, OwnEdit."""
        if not self.waits:
            raise NotWaiting
        if by == self.entered_by:
            raise OwnEdit("whoever entered the details does not make sure of them")
        self.verified_by, self.verified_at, self.known_from = by, at, known_from


def account_place(movement: str, account: str) -> bytes:
    """What sealed details are bound to, so that they cannot be moved to another row."""
    return f"{movement} {account}".encode()
