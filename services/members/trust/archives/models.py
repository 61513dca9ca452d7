"""Tables of archives: what was gathered, the passages to look at, the finished file; and an archive's legal steps."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.people.models import of_person
from services.members.erasing import GOES
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class Form(StrEnum):
    """All that is kept, to read; or what the person gave or caused, to take elsewhere (UK GDPR, articles 15 and 20)."""

    ARCHIVE = "archive"
    PORTABLE = "portable"


class ArchiveState(StrEnum):
    """Gathered, looked through, made into a file, and there to be fetched until it expires or is discarded."""

    GATHERING = "gathering"
    IN_REVIEW = "in_review"
    PACKING = "packing"
    RELEASED = "released"
    FAILED = "failed"
    EXPIRED = "expired"


LIFECYCLE = Lifecycle(
    "an archive",
    {
        ArchiveState.GATHERING: {ArchiveState.IN_REVIEW, ArchiveState.FAILED, ArchiveState.EXPIRED},
        ArchiveState.IN_REVIEW: {ArchiveState.PACKING, ArchiveState.EXPIRED},
        ArchiveState.PACKING: {ArchiveState.RELEASED, ArchiveState.IN_REVIEW, ArchiveState.EXPIRED},
        ArchiveState.RELEASED: {ArchiveState.EXPIRED},
        ArchiveState.FAILED: {ArchiveState.EXPIRED},
    },
)


class Decision(StrEnum):
    """What becomes of a passage: the person reads it, or it is held back."""

    PENDING = "pending"
    RELEASED = "released"
    HELD_BACK = "held_back"


class NotReviewed(Conflict):
    """Passages have not been looked at; ``pending`` says how many."""

    code = "not_reviewed"
    title = "Some passages have not been looked at"


class NotReleased(Conflict):
    """There is no file to fetch; ``state`` says how far the archive is."""

    code = "not_released"
    title = "The archive is not released"


class Archive(Base):
    """An archive of one person, made for one request. What it holds stands sealed in the tables below."""

    __tablename__ = "access_archives"
    __table_args__ = (
        of_person(erased=GOES),
        sa.Index("access_archives_by_person", "movement", "person", "id"),
        sa.Index("access_archives_by_end", "state", "expires_at"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    person: Mapped[str]
    request: Mapped[str]
    form: Mapped[str]
    state: Mapped[str]
    job: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    gathered_at: Mapped[datetime | None]
    released_by: Mapped[str | None]
    released_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def step(self, state: ArchiveState, at: datetime) -> None:
        """Go on to a state. Raises IllegalTransition."""
        self.state = LIFECYCLE.step(self.state, state)
        self.version, self.updated_at = self.version + 1, at


def _of_archive() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", "archive"], ["access_archives.movement", "access_archives.id"])


class Part(Base):
    """Some of what was gathered, sealed, in order: a piece of the sections as JSON."""

    __tablename__ = "archive_parts"
    __table_args__ = (_of_archive(),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    archive: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]


class PassageRow(Base):
    """A passage to look at: where it stands in what was gathered, why, its words, sealed, and what was decided."""

    __tablename__ = "archive_passages"
    __table_args__ = (_of_archive(),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    archive: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    section: Mapped[int]
    row: Mapped[int]
    column: Mapped[int]
    why: Mapped[str]
    sealed: Mapped[bytes]
    decision: Mapped[str]
    reason: Mapped[str | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]


class Piece(Base):
    """A piece of the finished file, sealed."""

    __tablename__ = "archive_pieces"
    __table_args__ = (_of_archive(),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    archive: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
