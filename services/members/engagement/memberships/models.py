"""Tables of memberships and of every turn that they take."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_ANOTHER_PERSON, Base
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import EMPTIED, GOES, goes_with
from shared.lifecycle import Lifecycle


class State(StrEnum):
    """How somebody belongs. Movements ebb and flow: paused and quiet are ordinary states, and nobody's failing."""

    INVITED = "invited"
    ACTIVE = "active"
    QUIET = "quiet"
    PAUSED = "paused"
    LEFT = "left"


HERE = (State.ACTIVE, State.QUIET, State.PAUSED)
"""The states of those who belong: they may have a rung."""

_MEMBERSHIP = Lifecycle(
    "a membership",
    {
        State.INVITED: {State.ACTIVE, State.LEFT},
        State.ACTIVE: {State.PAUSED, State.QUIET, State.LEFT},
        State.QUIET: {State.ACTIVE, State.LEFT},
        State.PAUSED: {State.ACTIVE, State.LEFT},
        State.LEFT: {State.ACTIVE},
    },
)


class Membership(Base):
    """The place of a person or of an organisation in a movement; an organisation's is not the sum of its staff's.

    ``rung`` is where a person stands and ``computed_rung`` what their activities last computed to; both are None for
    whoever is ``off_ladder``, which the database itself sees to. ``confirmed_rung`` is the highest that was confirmed
    and accepted, ``declined_rung`` the one that the person last said no to. ``lowered_on`` is the day of the last
    review that lowered what was computed; ``held``: somebody locked the rung or put a floor under it. ``said`` is a
    digest of the sign-up, by which the same one is told from one that differs. ``joined_at`` is None for whoever was
    invited and has not come yet.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        of_person(erased=GOES),
        of_organisation(),
        sa.UniqueConstraint("movement", "person"),
        sa.UniqueConstraint("movement", "organisation", name="memberships_one_an_organisation"),
        sa.Index("memberships_by_rung", "movement", "rung", "computed_rung", "person"),
        sa.Index(
            "memberships_by_bringer",
            "movement",
            "brought_by",
            sqlite_where=sa.text("brought_by IS NOT NULL"),
            postgresql_where=sa.text("brought_by IS NOT NULL"),
        ),
        sa.CheckConstraint(
            "NOT off_ladder OR (rung IS NULL AND computed_rung IS NULL)", name="memberships_off_ladder_without_rung"
        ),
        sa.CheckConstraint("(person IS NULL) <> (organisation IS NULL)", name="memberships_of_one"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str | None]
    organisation: Mapped[str | None]
    state: Mapped[str]
    rung: Mapped[str | None]
    computed_rung: Mapped[str | None]
    confirmed_rung: Mapped[str | None]
    declined_rung: Mapped[str | None]
    lowered_on: Mapped[date | None]
    held: Mapped[bool]
    off_ladder: Mapped[bool]
    brought_by: Mapped[str | None] = mapped_column(info=HOLDS_ANOTHER_PERSON | EMPTIED)
    said: Mapped[bytes | None]
    joined_at: Mapped[datetime | None]
    version: Mapped[int]
    updated_at: Mapped[datetime]

    def turn(self, to: State, at: datetime) -> None:
        """Take a legal turn: invited → active ⇄ paused, active → quiet → active, any → left → active again."""
        self.state = _MEMBERSHIP.step(self.state, to)
        if to is State.ACTIVE and self.joined_at is None:
            self.joined_at = at


class MembershipChange(Base):
    """A turn that a membership took. ``computed``: it followed from what was done, and can be reckoned again."""

    __tablename__ = "membership_changes"
    __table_args__ = (sa.Index("membership_changes_by_membership", "movement", "membership", "at"),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    membership: Mapped[str] = mapped_column(info=goes_with("memberships"))
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    computed: Mapped[bool]
    by: Mapped[str]
    at: Mapped[datetime]
