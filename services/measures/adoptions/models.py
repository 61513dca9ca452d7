"""The table of adoptions."""

from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base


def of_version() -> sa.ForeignKeyConstraint:
    """That `measure_version` is one of the movement's."""
    return sa.ForeignKeyConstraint(
        ["movement", "measure_version"], [f"measure_versions.{key}" for key in ("movement", "id")]
    )


class Adoption(Base):
    """That a partner reports figures by a published version; `organisation` None is the movement itself.

    `starts_on` and `until` are ISO days, both included; `until` None is open. `places` are the codes that it reports
    of: with none it says itself which. What a period asks for is due `due_days` after the last day of the period.
    """

    __tablename__ = "adoptions"
    __table_args__ = (
        of_version(),
        sa.Index("adoptions_by_version", "movement", "measure_version"),
        sa.Index("adoptions_by_organisation", "movement", "organisation"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    organisation: Mapped[str | None]
    measure_version: Mapped[str]
    cadence: Mapped[str]
    starts_on: Mapped[str]
    until: Mapped[str | None]
    due_days: Mapped[int]
    places: Mapped[list[str]] = mapped_column(sa.JSON)
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def first_day(self) -> date:
        """The first day that it reports of."""
        return date.fromisoformat(self.starts_on)

    @property
    def last_day(self) -> date:
        """The last day that it reports of: the end of time while it is open."""
        return date.max if self.until is None else date.fromisoformat(self.until)


class Shown(NamedTuple):
    """An adoption, and the id that answers for its partner now."""

    adoption: Adoption
    organisation: str | None
