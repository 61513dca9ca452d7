"""The table of ties, and their legal steps."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import ALIKE, HOLDS_ORGANISATION_SIDE, HOLDS_SIDE, Alike, Base
from services.members.community.circles.models import of_circle
from services.members.directory.organisations.models import of_organisation
from services.members.erasing import GOES
from shared.lifecycle import Lifecycle


class State(StrEnum):
    """What the two sides say: one has declared it, both have, the other does not see it so, or it is over."""

    DECLARED = "declared"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    ENDED = "ended"


class Visibility(StrEnum):
    """Who sees a confirmed tie, from the fewest to the most. One that is not confirmed only its sides see."""

    SIDES = "sides"
    CIRCLE = "circle"
    MOVEMENT = "movement"
    PUBLIC = "public"

    @property
    def reach(self) -> int:
        """0 for the fewest."""
        return list(Visibility).index(self)


class Strength(StrEnum):
    """How closely they work together, in words."""

    LOOSE = "loose"
    REGULAR = "regular"
    CLOSE = "close"


_TIES: Lifecycle[State] = Lifecycle(
    "a tie",
    {
        State.DECLARED: {State.CONFIRMED, State.DENIED, State.ENDED},
        State.CONFIRMED: {State.DECLARED, State.ENDED},
    },
)


class Tie(Base):
    """Two people or organisations, or one of each, work together, from a day on.

    The first side is the one that declared it. Each side is a person or an organisation. ``ended_on`` is the first day
    on which it no longer holds, so that the network of any day can be drawn.
    """

    __tablename__ = "ties"
    __table_args__ = (
        of_organisation("first_organisation"),
        of_organisation("second_organisation"),
        of_circle(),
        sa.CheckConstraint(
            "(first_person IS NULL) <> (first_organisation IS NULL)"
            " AND (second_person IS NULL) <> (second_organisation IS NULL)",
            name="ties_have_two_sides",
        ),
        sa.Index("ties_by_first_person", "movement", "first_person"),
        sa.Index("ties_by_second_person", "movement", "second_person"),
        sa.Index("ties_by_first_organisation", "movement", "first_organisation"),
        sa.Index("ties_by_second_organisation", "movement", "second_organisation"),
        sa.Index("ties_by_day", "movement", "state", "since"),
        {
            "info": {
                ALIKE: Alike(
                    ("first_person", "first_organisation", "second_person", "second_organisation", "kind"),
                    among="state IN ('declared', 'confirmed')",
                    sides={"first_person": "second_person", "first_organisation": "second_organisation"},
                    by=("state", (State.CONFIRMED, State.DECLARED)),
                    since="since",
                )
            }
        },
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    first_person: Mapped[str | None] = mapped_column(info=HOLDS_SIDE | GOES)
    first_organisation: Mapped[str | None] = mapped_column(info=HOLDS_ORGANISATION_SIDE)
    second_person: Mapped[str | None] = mapped_column(info=HOLDS_SIDE | GOES)
    second_organisation: Mapped[str | None] = mapped_column(info=HOLDS_ORGANISATION_SIDE)
    kind: Mapped[str]
    strength: Mapped[str | None]
    visibility: Mapped[str]
    circle: Mapped[str | None]
    state: Mapped[str]
    since: Mapped[date]
    ended_on: Mapped[date | None]
    declared_by: Mapped[str]
    declared_at: Mapped[datetime]
    answered_by: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    @property
    def sides(self) -> tuple[str, str]:
        """The ids of the two: first the one that declared it."""
        return self.first_person or self.first_organisation or "", self.second_person or self.second_organisation or ""

    def confirm(self, by: str, visibility: Visibility, at: datetime) -> None:
        """Declared → confirmed: the other side sees it so too, and may let fewer see it."""
        self._step(State.CONFIRMED, at)
        self.answered_by, self.answered_at = by, at
        self.visibility = min(Visibility(self.visibility), visibility, key=lambda one: one.reach)

    def deny(self, by: str, at: datetime) -> None:
        """Declared → denied: the other side does not see it so. It is in no network."""
        self._step(State.DENIED, at)
        self.answered_by, self.answered_at = by, at

    def show(self, visibility: Visibility, circle: str | None, at: datetime) -> None:
        """Let others see it. More than before only once the other side confirms that anew."""
        if visibility.reach > Visibility(self.visibility).reach and self.state == State.CONFIRMED:
            self._step(State.DECLARED, at)
            self.answered_by = self.answered_at = None
        self.visibility, self.circle = visibility, circle

    def end(self, on: date, at: datetime) -> None:
        """It holds no longer, from this day on."""
        self._step(State.ENDED, at)
        self.ended_on = on

    def changed(self, at: datetime) -> None:
        """Count an edit."""
        self.updated_at, self.version = at, self.version + 1

    def _step(self, target: State, at: datetime) -> None:
        self.state = _TIES.step(self.state, target)
        self.changed(at)
