"""Tables of merges: what became what, the steps that it took, and who else stood in the rows that it touched.

The ids here are those that records had when it happened. They are never repointed, however the records merge later.
"""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.erasing import GOES


class MergeState(StrEnum):
    """Whether a merge stands."""

    LIVE = "live"
    UNDONE = "undone"


class Merge(Base):
    """That one record became another, by whom, and whether it still is. Those of a movement are numbered in order.

    ``kind`` is the table of the records. ``choices`` says for which fields the merged record's value was chosen.
    """

    __tablename__ = "merges"
    __table_args__ = (
        sa.UniqueConstraint("movement", "number"),
        sa.Index("merges_by_survivor", "movement", "survivor"),
        sa.Index(
            "merges_one_live",
            "movement",
            "merged",
            unique=True,
            sqlite_where=sa.text("state = 'live'"),
            postgresql_where=sa.text("state = 'live'"),
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    kind: Mapped[str]
    merged: Mapped[str] = mapped_column(info=GOES)
    survivor: Mapped[str] = mapped_column(info=GOES)
    state: Mapped[str]
    choices: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    merged_by: Mapped[str]
    merged_at: Mapped[datetime]
    undone_by: Mapped[str | None]
    undone_at: Mapped[datetime | None]


class MergeStep(Base):
    """One step of a merge that stands, as JSON: what it takes to undo it."""

    __tablename__ = "merge_steps"
    __table_args__ = (sa.ForeignKeyConstraint(["movement", "merge"], ["merges.movement", "merges.id"]),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    merge: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[str]


class MergeNeighbour(Base):
    """Somebody else who is named in a row that a merge touched: what is merged with them later comes undone first."""

    __tablename__ = "merge_neighbours"
    __table_args__ = (sa.ForeignKeyConstraint(["movement", "merge"], ["merges.movement", "merges.id"]),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    merge: Mapped[str] = mapped_column(primary_key=True)
    record: Mapped[str] = mapped_column(primary_key=True, info=GOES)


class MergeTurn(Base):
    """How many merges a movement has had. Whoever merges takes the row first: there is one at a time."""

    __tablename__ = "merge_turns"

    movement: Mapped[str] = mapped_column(primary_key=True)
    taken: Mapped[int]
