"""The table of tapers and their legal steps."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.community.programmes.models import of_programme
from services.members.directory.organisations.models import of_organisation
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class TaperState(StrEnum):
    """Planned, then done, or dropped: it does not end after all."""

    PLANNED = "planned"
    DONE = "done"
    DROPPED = "dropped"


LIFECYCLE = Lifecycle("a taper", {TaperState.PLANNED: {TaperState.DONE, TaperState.DROPPED}})


class NobodyTakesOver(Conflict):
    """What a backbone leaves does not simply stop: somebody goes on with it, or it is said how it ends kindly."""

    code = "nobody_takes_over"
    title = "It is not said who takes over"


class NotPlanned(Conflict):
    """What is done or dropped is history; ``state`` says which."""

    code = "not_planned"
    title = "Only what is still planned can be changed"


class Taper(Base):
    """Something that the backbone does in a programme and is to end on a day, perhaps a role of its own.

    Who takes over is an organisation (``successor``), or said in words (``arrangement``). ``settled_by`` is the caller
    who said that it was done or dropped, and ``note`` what there was to say about it.
    """

    __tablename__ = "programme_tapers"
    __table_args__ = (
        of_programme(),
        of_organisation("successor"),
        sa.Index("programme_tapers_by_programme", "movement", "programme", "id"),
        sa.Index("programme_tapers_by_day", "movement", "ends_on", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    programme: Mapped[str]
    what: Mapped[str]
    role: Mapped[str | None]
    ends_on: Mapped[date]
    successor: Mapped[str | None]
    arrangement: Mapped[str | None]
    state: Mapped[str]
    done_on: Mapped[date | None]
    note: Mapped[str | None]
    settled_by: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def edit(self, at: datetime) -> None:
        """Note that the plan changed. Raises NotPlanned."""
        if self.state != TaperState.PLANNED:
            raise NotPlanned(f"it is {self.state}", state=self.state)
        self._changed(at)

    def complete(self, on: date, by: str, at: datetime, note: str | None) -> None:
        """Planned → done. Raises NobodyTakesOver."""
        self.state = LIFECYCLE.step(self.state, TaperState.DONE)
        if self.successor is None and self.arrangement is None:
            raise NobodyTakesOver
        self.done_on, self.settled_by, self.note = on, by, note
        self._changed(at)

    def drop(self, by: str, at: datetime, note: str | None) -> None:
        """Planned → dropped."""
        self.state = LIFECYCLE.step(self.state, TaperState.DROPPED)
        self.settled_by, self.note = by, note
        self._changed(at)

    def due_on(self, day: date) -> bool:
        """Whether it should have ended by that day and has not."""
        return self.state == TaperState.PLANNED and self.ends_on <= day

    def _changed(self, at: datetime) -> None:
        self.version += 1
        self.updated_at = at
