"""The tables of imports and of their faults, and the states of an import."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.measures.base import Base


class Kind(StrEnum):
    """What the file holds; a report is figures that came as JSON, and were taken in one transaction."""

    PLACES = "places"
    HIERARCHIES = "places/hierarchies"
    CHANGES = "places/changes"
    OBSERVATIONS = "observations"
    REPORT = "report"


class ImportStatus(StrEnum):
    """Where an import stands: ``writing → releasing → recorded``, or ``writing → discarding → failed``.

    While it is writing its rows are seen by nobody; while it is releasing they are seen, and their events follow.
    """

    DRY_RUN = "dry_run"
    REJECTED = "rejected"
    WRITING = "writing"
    DISCARDING = "discarding"
    FAILED = "failed"
    RELEASING = "releasing"
    RECORDED = "recorded"


class OnError(StrEnum):
    """What to do with a file that has bad rows: take nothing of it, or take the good ones."""

    REJECT = "reject"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of a file's rows: `faulty` counts rows with faults, `faults` the faults, and a row may have many.

    `repeated` rows say again, word for word, what another row of the file says.
    """

    rows: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    repeated: int = 0
    faulty: int = 0
    faults: int = 0

    def plus(self, new: int, revised: int, unchanged: int) -> "Counts":
        """These counts, and so many rows compared with what was known."""
        return replace(self, new=self.new + new, revised=self.revised + revised, unchanged=self.unchanged + unchanged)


class Source(NamedTuple):
    """Of which version figures are and whose; where they come from and, of corrections, why, both in words."""

    version: str
    reporter: str
    provenance: str | None = None
    reason: str | None = None


class Import(Base):
    """One file or report that was sent, and what it brought.

    `recorded_at` is the moment from which its figures were known: the one update that sets it reveals them all.
    An import that holds `lease_until` is at work; one whose lease has passed was left behind by a crash and is
    finished or undone by :mod:`services.measures.observations.recovery`. What a `job` writes, the job does itself.
    """

    __tablename__ = "imports"
    __table_args__ = (
        # One import at a time writes a reporter's figures: what it compared itself with stays true until its reveal.
        sa.Index(
            "imports_at_work", "movement", "version", "reporter", unique=True,
            sqlite_where=sa.text("lease_until IS NOT NULL"), postgresql_where=sa.text("lease_until IS NOT NULL"),
        ),
    )  # fmt: skip

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    status: Mapped[str]
    version: Mapped[str | None]
    reporter: Mapped[str | None]
    provenance: Mapped[str | None]
    reason: Mapped[str | None]
    rows: Mapped[int]
    new: Mapped[int]
    revised: Mapped[int]
    unchanged: Mapped[int]
    repeated: Mapped[int]
    faulty: Mapped[int]
    faults: Mapped[int]
    actor: Mapped[str]
    created_at: Mapped[datetime]
    recorded_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    released_through: Mapped[str | None]
    job: Mapped[str | None]


class ImportFault(Base):
    """One fault of one row of a file. It never holds what the cell held: that may be personal."""

    __tablename__ = "import_faults"

    movement: Mapped[str] = mapped_column(primary_key=True)
    import_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    row: Mapped[int]
    column: Mapped[str | None]
    reason: Mapped[str]
    code: Mapped[str]
