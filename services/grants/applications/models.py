"""The table of applications, their legal steps, and the rule that what was submitted stays as it is."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, validates

from services.grants.base import Base
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class ApplicationState(StrEnum):
    """Submitted, then awarded, declined or withdrawn; submitted again when its award ends unaccepted."""

    SUBMITTED = "submitted"
    AWARDED = "awarded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


LIFECYCLE = Lifecycle(
    "an application",
    {
        ApplicationState.SUBMITTED: {
            ApplicationState.AWARDED,
            ApplicationState.DECLINED,
            ApplicationState.WITHDRAWN,
        },
        ApplicationState.AWARDED: {ApplicationState.SUBMITTED},
        ApplicationState.DECLINED: set(),
        ApplicationState.WITHDRAWN: set(),
    },
)


class AlreadyAwarded(Conflict):
    """The application has a live award, and an application has one at most."""

    code = "already_awarded"
    title = "The application has an award"


class SubmittedContentFrozen(Conflict):
    """What a group submitted is not rewritten."""

    code = "submitted_content_frozen"
    title = "What was submitted does not change"


class Application(Base):
    """What a group asked of a round: its name, its answer, the amount in pence and, where it said so, the place."""

    __tablename__ = "applications"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "round_id"], ["rounds.movement", "rounds.id"]),
        sa.CheckConstraint("amount > 0", name="applications_ask_for_something"),
        sa.CheckConstraint(
            "state IN ('submitted', 'awarded', 'declined', 'withdrawn')", name="applications_known_state"
        ),
        sa.CheckConstraint(
            "(state = 'declined') = (decline_reason IS NOT NULL)", name="applications_declined_for_a_reason"
        ),
        sa.Index("applications_by_round", "movement", "round_id", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[str]
    group_name: Mapped[str]
    summary: Mapped[str]
    amount: Mapped[int]
    currency: Mapped[str]
    place: Mapped[str | None]
    state: Mapped[str]
    decline_reason: Mapped[str | None]
    submitted_at: Mapped[datetime]

    def award(self) -> None:
        """An award is offered: the application has no other while that one is live."""
        if self.state == ApplicationState.AWARDED:
            raise AlreadyAwarded("an application has one live award at most")
        self.state = LIFECYCLE.step(self.state, ApplicationState.AWARDED)

    def decline(self, reason: str) -> None:
        """Say no, for a reason the group is told."""
        self.state = LIFECYCLE.step(self.state, ApplicationState.DECLINED)
        self.decline_reason = reason

    def withdraw(self) -> None:
        """The group takes its application back, which it may until an award is offered."""
        self.state = LIFECYCLE.step(self.state, ApplicationState.WITHDRAWN)

    def return_to_submitted(self) -> None:
        """Its award ended unaccepted: it stands as it was submitted and may be offered one again."""
        self.state = LIFECYCLE.step(self.state, ApplicationState.SUBMITTED)

    @validates("round_id", "group_name", "summary", "amount", "currency", "place", "submitted_at")
    def _written_once(self, field: str, value: object) -> object:
        if field in self.__dict__:
            raise SubmittedContentFrozen(f"{field} was submitted")
        return value
