"""The table of targets and baselines."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.adoptions.models import of_version
from services.measures.base import Base


class Kind(StrEnum):
    """Where a series is to go, or where it starts."""

    TARGET = "target"
    BASELINE = "baseline"


class Target(Base):
    """What a figure is to be in a period, or from which one it starts.

    `value` is decimal text in the version's unit; None, of a baseline, is whatever the figure of that period is.
    `organisation` None: it is the movement's own, and not one partner's.
    """

    __tablename__ = "targets"
    __table_args__ = (
        of_version(),
        sa.Index("targets_of_series", "movement", "measure_version", "place", "cell", "period_start"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    measure_version: Mapped[str]
    kind: Mapped[str]
    place: Mapped[str]
    cell: Mapped[str]
    organisation: Mapped[str | None]
    period: Mapped[str]
    period_start: Mapped[str]
    period_end: Mapped[str]
    value: Mapped[str | None]
    why: Mapped[str]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Aimed(NamedTuple):
    """What of a target its series needs: the columns of the same names."""

    id: str
    measure_version: str
    place: str
    kind: str
    period: str
    period_start: str
    value: str | None


class Shown(NamedTuple):
    """A target, and the id that answers now for whose it is."""

    target: Target
    organisation: str | None
