"""Tables of retention: the rules that a movement settled, what is held back, the runs, and who stood in for whom."""

from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_PERSON, Base
from services.members.directory.people.models import of_person
from services.members.erasing import GOES
from shared.errors import Conflict
from shared.lifecycle import Lifecycle

STANDS_IN = "retention"
"""What hides somebody who is nobody and stands in for a person (``people.hidden_by``)."""


class RunState(StrEnum):
    """A run goes on until nothing is left to do, or somebody stops it. What it did is done."""

    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


_RUN: Lifecycle[RunState] = Lifecycle("a run", {RunState.RUNNING: {RunState.DONE, RunState.STOPPED}})


class RunUnderWay(Conflict):
    """There is one run at a time in a movement; ``run`` is the one under way."""

    code = "run_under_way"
    title = "Another run is under way"


class NothingToApply(Conflict):
    """The rule keeps records until somebody has had a look, and that is not done by a run."""

    code = "nothing_to_apply"
    title = "This rule deletes nothing: look at what is due"


class AlreadyLifted(Conflict):
    """A hold is lifted once."""

    code = "already_lifted"
    title = "It is lifted already"


class RetentionRule(Base):
    """What a movement settled for a kind of record: ``months`` and ``days`` after what, what is done then, and by which
    law or choice. ``daily``: it is applied by itself; ``looked_on`` is the day on which that was last seen to.
    """

    __tablename__ = "retention_rules"

    movement: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str]
    version: Mapped[int]
    months: Mapped[int]
    days: Mapped[int]
    after: Mapped[str]
    action: Mapped[str]
    source: Mapped[str]
    daily: Mapped[bool]
    looked_on: Mapped[date | None]
    settled_by: Mapped[str]
    updated_at: Mapped[datetime]

    settled: ClassVar = True
    """Unlike what a kind begins with."""


class RetentionHold(Base):
    """What is not to go although its period is over: somebody's records, of one kind or all, or a single record.

    ``until`` is its last day; without one it stands until it is lifted.
    """

    __tablename__ = "retention_holds"
    __table_args__ = (
        of_person(erased=GOES),
        sa.CheckConstraint("person IS NOT NULL OR record IS NOT NULL", "retention_holds_something"),
        sa.Index("retention_holds_by_person", "movement", "person"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str | None]
    kind: Mapped[str | None]
    record: Mapped[str | None]
    why: Mapped[str]
    until: Mapped[date | None]
    placed_by: Mapped[str]
    placed_at: Mapped[datetime]
    lifted_by: Mapped[str | None]
    lifted_at: Mapped[datetime | None]

    def lift(self, by: str, at: datetime) -> None:
        """It holds nothing any more. Raises AlreadyLifted."""
        if self.lifted_at is not None:
            raise AlreadyLifted
        self.lifted_by, self.lifted_at = by, at


class RetentionRun(Base):
    """A rule applied once: as it was at ``rule_version``, to what had come to ``after`` on ``cut_off`` or before.

    ``records`` is how many it deleted or changed, ``held`` how many were held back by reason when it began. It names
    nobody: it is the receipt.
    """

    __tablename__ = "retention_runs"
    __table_args__ = (
        sa.Index(
            "retention_runs_one_at_a_time",
            "movement",
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    state: Mapped[str]
    rule_version: Mapped[int]
    months: Mapped[int]
    days: Mapped[int]
    after: Mapped[str]
    action: Mapped[str]
    source: Mapped[str]
    cut_off: Mapped[date]
    daily: Mapped[bool]
    begun_by: Mapped[str]
    begun_at: Mapped[datetime]
    records: Mapped[int]
    held: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    ended_at: Mapped[datetime | None]

    def end(self, state: RunState, at: datetime) -> None:
        """Running → done or stopped."""
        self.state, self.ended_at = _RUN.step(self.state, state), at


class RetentionStandIn(Base):
    """Who stands in for whom while a run goes on; forgotten at its end, so that nobody can tell from then on."""

    __tablename__ = "retention_stand_ins"

    movement: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True, info=HOLDS_PERSON | GOES)
    stand_in: Mapped[str]
