"""Tables of commitments and of the notes on their way, and their legal steps."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import GOES
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class CommitmentState(StrEnum):
    """Under way, and then what became of it."""

    UNDER_WAY = "under_way"
    KEPT = "kept"
    PART_KEPT = "part_kept"
    NOT_KEPT = "not_kept"


LIFECYCLE = Lifecycle(
    "a commitment",
    {CommitmentState.UNDER_WAY: {CommitmentState.KEPT, CommitmentState.PART_KEPT, CommitmentState.NOT_KEPT}},
)


class Settled(Conflict):
    """What became of it is known; ``state`` says what."""

    code = "commitment_settled"
    title = "Only a commitment that is under way can be changed"


class NoQuantity(Conflict):
    """Nothing can be counted towards what was not said in numbers."""

    code = "no_quantity"
    title = "The commitment has no quantity"


class Commitment(Base):
    """What a person or an organisation takes on from one day to another, both included.

    ``hundredths`` is the quantity in hundredths of its ``unit``. ``settled_by`` is the caller who said what became of
    it, and ``reason`` why it was kept in part or not.
    """

    __tablename__ = "commitments"
    __table_args__ = (
        of_person(erased=GOES),
        of_organisation(),
        sa.ForeignKeyConstraint(["movement", "programme"], ["programmes.movement", "programmes.id"]),
        sa.ForeignKeyConstraint(["movement", "campaign"], ["campaigns.movement", "campaigns.id"]),
        sa.CheckConstraint("(person IS NULL) <> (organisation IS NULL)", name="commitments_have_one_giver"),
        sa.CheckConstraint("(programme IS NULL) <> (campaign IS NULL)", name="commitments_have_one_frame"),
        sa.CheckConstraint("(hundredths IS NULL) = (unit IS NULL)", name="commitments_count_in_a_unit"),
        sa.CheckConstraint("starts_on <= ends_on", name="commitments_in_order"),
        sa.Index("commitments_by_person", "movement", "person"),
        sa.Index("commitments_by_organisation", "movement", "organisation"),
        sa.Index("commitments_by_programme", "movement", "programme"),
        sa.Index("commitments_by_campaign", "movement", "campaign"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    person: Mapped[str | None]
    organisation: Mapped[str | None]
    programme: Mapped[str | None]
    campaign: Mapped[str | None]
    what: Mapped[str]
    hundredths: Mapped[int | None]
    unit: Mapped[str | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    state: Mapped[str]
    reason: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
    made_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    @property
    def giver(self) -> str:
        """Who took it on: a person's id, or an organisation's."""
        return self.person or str(self.organisation)

    def edit(self, at: datetime) -> None:
        """Note that it changed. Raises Settled."""
        if self.state != CommitmentState.UNDER_WAY:
            raise Settled(f"it is {self.state}", state=self.state)
        self._changed(at)

    def note(self, at: datetime, *, counts: bool) -> None:
        """Note how it is going, perhaps in numbers (``counts``). Raises Settled, NoQuantity."""
        self.edit(at)
        if counts and self.hundredths is None:
            raise NoQuantity

    def settle(self, became: CommitmentState, by: str, at: datetime, reason: str | None) -> None:
        """Under way → kept, part kept or not kept."""
        self.state = LIFECYCLE.step(self.state, became)
        self.settled_by, self.settled_at, self.reason = by, at, reason
        self._changed(at)

    def take_on(self, organisation: str, at: datetime) -> None:
        """Let another organisation be its giver. Raises Settled."""
        self.edit(at)
        self.organisation = organisation

    def stand_again(self, at: datetime) -> None:
        """Let it be under way again, as if nothing had become of it."""
        self.state = CommitmentState.UNDER_WAY
        self.settled_by = self.settled_at = self.reason = None
        self._changed(at)

    def due_on(self, day: date) -> bool:
        """Whether its time is over by that day, and nobody has said what became of it."""
        return self.state == CommitmentState.UNDER_WAY and self.ends_on < day

    def _changed(self, at: datetime) -> None:
        self.version += 1
        self.updated_at = at


class CommitmentNote(Base):
    """How a commitment is going, in words, and how much was done since the note before. Notes are only ever added."""

    __tablename__ = "commitment_notes"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "commitment"], ["commitments.movement", "commitments.id"]),
        sa.Index("commitment_notes_by_commitment", "movement", "commitment", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    commitment: Mapped[str]
    noted_on: Mapped[date]
    words: Mapped[str]
    hundredths: Mapped[int | None]
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[str]
