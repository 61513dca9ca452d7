"""Tables of alignments and of what partners do about them, and their legal steps."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from services.members.life.agenda.models import of_agenda
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class AlignmentState(StrEnum):
    """Signed until the partner signs again, or no longer stands behind it."""

    SIGNED = "signed"
    REPLACED = "replaced"
    ENDED = "ended"


class ActKind(StrEnum):
    """What signing means in practice."""

    START = "start"
    STOP = "stop"
    CHANGE = "change"


LIFECYCLE = Lifecycle("an alignment", {AlignmentState.SIGNED: {AlignmentState.REPLACED, AlignmentState.ENDED}})


class CannotBeSigned(Conflict):
    """Only a published version is signed; ``state`` says how this one stands."""

    code = "agenda_cannot_be_signed"
    title = "This version of the agenda cannot be signed"


class NotSigned(Conflict):
    """What a partner no longer stands behind is not added to; ``state`` says what became of it."""

    code = "alignment_over"
    title = "The partner no longer stands behind this"


class DoneAlready(Conflict):
    """It was noted as done before, on ``done_on``."""

    code = "done_already"
    title = "It is noted as done already"


def of_alignment() -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to an alignment of the same movement."""
    return sa.ForeignKeyConstraint(["movement", "alignment"], ["alignments.movement", "alignments.id"])


class PartnerAlignment(Base):
    """A partner's signature under a version of the agenda. ``signed_for`` is in what office somebody signed for it."""

    __tablename__ = "alignments"
    __table_args__ = (
        of_organisation(),
        of_agenda(),
        sa.Index("alignments_by_organisation", "movement", "organisation", "state"),
        sa.Index("alignments_by_agenda", "movement", "agenda", "state"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    organisation: Mapped[str]
    agenda: Mapped[str]
    state: Mapped[str]
    signed_on: Mapped[date]
    signed_for: Mapped[str | None]
    ended_on: Mapped[date | None]
    ended_why: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    acts: Mapped[list["AlignmentAct"]] = relationship(viewonly=True, lazy="raise", order_by="AlignmentAct.id")

    def replace(self, on: date, at: datetime) -> None:
        """Signed → replaced by a newer signature of the same partner."""
        self.state = LIFECYCLE.step(self.state, AlignmentState.REPLACED)
        self.ended_on = on
        self.changed(at)

    def end(self, on: date, why: str, at: datetime) -> None:
        """Signed → ended."""
        self.state = LIFECYCLE.step(self.state, AlignmentState.ENDED)
        self.ended_on, self.ended_why = on, why
        self.changed(at)

    def check_signed(self) -> None:
        """Raise NotSigned where the partner no longer stands behind it."""
        if self.state != AlignmentState.SIGNED:
            raise NotSigned(f"it is {self.state}", state=self.state)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class AlignmentAct(Base):
    """What a partner starts, stops or changes because it signed, perhaps by a day, and since when that is done."""

    __tablename__ = "alignment_acts"
    __table_args__ = (of_alignment(), sa.Index("alignment_acts_by_alignment", "movement", "alignment"))

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    alignment: Mapped[str]
    kind: Mapped[str]
    words: Mapped[str]
    by: Mapped[date | None]
    done_on: Mapped[date | None]

    def done(self, on: date) -> None:
        """Note since when it is done. Raises DoneAlready."""
        if self.done_on is not None:
            raise DoneAlready(done_on=self.done_on.isoformat())
        self.done_on = on
