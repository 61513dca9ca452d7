"""Tables of agreements: what was signed, between whom, and what it is about."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from shared.errors import Conflict


class AgreementKind(StrEnum):
    """Which agreement the law asks for: UK GDPR articles 26 and 28; sharing by the ICO's code of practice."""

    JOINT_CONTROLLERS = "joint_controllers"
    SHARING = "sharing"
    PROCESSOR = "processor"


class AgreementState(StrEnum):
    """How an agreement stands on a day. One that is expiring is still in force, and whoever keeps it was warned."""

    NOT_BEGUN = "not_begun"
    IN_FORCE = "in_force"
    EXPIRING = "expiring"
    EXPIRED = "expired"


class TermKind(StrEnum):
    """What an agreement is about."""

    PURPOSE = "purpose"
    DATA_CLASS = "data_class"


class AgreementOver(Conflict):
    """What is over is not ended, and is signed anew rather than edited."""

    code = "agreement_over"
    title = "The agreement is over"


def of_agreement() -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to an agreement of the same movement."""
    return sa.ForeignKeyConstraint(["movement", "agreement"], ["agreements.movement", "agreements.id"])


class Agreement(Base):
    """An agreement as it was signed. ``reference`` is where the document is kept.

    It holds until the day before ``expires_on``: the day by which it is to be reviewed, or the one on which it ends,
    whichever comes first. ``warned_of`` and ``told_of`` are the days of expiry that a warning and the end were told of.
    """

    __tablename__ = "agreements"
    __table_args__ = (
        sa.CheckConstraint("starts_on < expires_on", name="agreements_in_order"),
        sa.Index("agreements_by_expiry", "movement", "expires_on"),
        sa.Index("agreements_by_update", "movement", "updated_at"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    kind: Mapped[str]
    reference: Mapped[str]
    basis: Mapped[str]
    signed_on: Mapped[date]
    starts_on: Mapped[date]
    review_on: Mapped[date]
    ends_on: Mapped[date | None]
    expires_on: Mapped[date]
    ended_why: Mapped[str | None]
    warned_of: Mapped[date | None]
    told_of: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    parties: Mapped[list["Party"]] = relationship(viewonly=True, lazy="raise", order_by="Party.organisation")
    terms: Mapped[list["AgreementTerm"]] = relationship(viewonly=True, lazy="raise", order_by="AgreementTerm.word")

    def about(self, kind: TermKind) -> list[str]:
        """The purposes, or the classes of data, that it is about."""
        return [term.word for term in self.terms if term.kind == kind]

    def state_on(self, day: date) -> AgreementState:
        """How it stands on a day."""
        if day >= self.expires_on:
            return AgreementState.EXPIRED
        if day < self.starts_on:
            return AgreementState.NOT_BEGUN
        return AgreementState.EXPIRING if self.warned_of == self.expires_on else AgreementState.IN_FORCE

    def check_live(self, today: date) -> None:
        """Raise AgreementOver where it has ended; a review that is overdue can still be held."""
        if self.ends_on is not None and self.ends_on <= today:
            raise AgreementOver(f"it ended on {self.ends_on}")

    def run_until(self, review_on: date, ends_on: date | None) -> None:
        """Hold until the review is due, or until the end, whichever is first."""
        self.review_on, self.ends_on = review_on, ends_on
        self.expires_on = min(review_on, ends_on or date.max)

    def changed(self, at: datetime) -> None:
        """Go on to the next version."""
        self.version, self.updated_at = self.version + 1, at


class Party(Base):
    """An organisation that signed."""

    __tablename__ = "agreement_parties"
    __table_args__ = (
        of_agreement(),
        of_organisation(),
        sa.Index("agreement_parties_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    agreement: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str] = mapped_column(primary_key=True)


class AgreementTerm(Base):
    """A purpose, or a class of data, that an agreement is about."""

    __tablename__ = "agreement_terms"
    __table_args__ = (of_agreement(),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    agreement: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(primary_key=True)


@dataclass(frozen=True, slots=True)
class Standing:
    """An agreement, and how it stands today where the movement is."""

    agreement: Agreement
    state: AgreementState
