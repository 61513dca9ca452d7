"""The table of controllers."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from shared.errors import Conflict


class ControlledKind(StrEnum):
    """What has a controller."""

    RECORD_KIND = "record_kind"
    PROGRAMME = "programme"
    FUND = "fund"


class NamedAlready(Conflict):
    """The organisation is its controller on some of these days already; ``controller`` says where."""

    code = "controller_named_already"
    title = "The organisation is its controller already"


class JointAgreementNeeded(Conflict):
    """Another organisation is its controller then, and the two have signed no agreement as joint controllers of it.

    UK GDPR, article 26: joint controllers determine their responsibilities by an arrangement between them.
    """

    code = "joint_agreement_needed"
    title = "Two controllers need an agreement as joint controllers"


class ControllerEnded(Conflict):
    """It has ended already."""

    code = "controller_ended"
    title = "The organisation is its controller no more"


class Controller(Base):
    """That an organisation is the controller of something from ``starts_on`` until the day before ``ended_on``.

    ``of`` is a kind of record (``*``: every kind), or the id of a programme or of a fund.
    """

    __tablename__ = "controllers"
    __table_args__ = (
        of_organisation(),
        sa.CheckConstraint("ended_on IS NULL OR ended_on > starts_on", name="controllers_in_order"),
        sa.Index("controllers_by_subject", "movement", "of_kind", "of"),
        sa.Index("controllers_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    of_kind: Mapped[str]
    of: Mapped[str]
    organisation: Mapped[str]
    starts_on: Mapped[date]
    ended_on: Mapped[date | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def end(self, on: date, at: datetime) -> None:
        """Be it no more from a day on. Raises ControllerEnded."""
        if self.ended_on is not None:
            raise ControllerEnded(f"from {self.ended_on} on")
        self.ended_on = on
        self.version, self.updated_at = self.version + 1, at
