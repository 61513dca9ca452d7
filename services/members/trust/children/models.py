"""Tables about children: the ages that the law sets, programmes that may name a child, each record, and the counts."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.members.base import HOLDS_ANOTHER_PERSON, Base
from services.members.community.programmes.models import of_programme
from services.members.directory.organisations.models import of_organisation
from services.members.directory.people.models import of_person
from services.members.erasing import EMPTIED, GOES
from shared.errors import Conflict

NO_CHILD_FROM = 18
"""Years from which nobody is a child, whatever ages a movement goes by."""


class Lack(StrEnum):
    """What a named child's record lacks to be used: one is enough, and nothing is sent to or shown of them."""

    RECORD = "record"
    OWN_YES = "own_yes"
    PARENTAL_PERMISSION = "parental_permission"
    PROGRAMME = "programme"
    IMPACT_ASSESSMENT = "impact_assessment"
    REVIEW = "review"


class AlreadyWithdrawn(Conflict):
    """The child said so before."""

    code = "already_withdrawn"
    title = "The child's yes was withdrawn already"


class ChildRule(Base):
    """The ages that a movement goes by in a jurisdiction, in place of those it began with, and where they are from.

    ``child_under`` is the age under which somebody is named only with a child's record; ``permission_under`` the one
    under which whoever has parental responsibility permits it too; ``review_days`` how far ahead a review may be.
    """

    __tablename__ = "child_rules"
    __table_args__ = (
        sa.CheckConstraint(
            f"0 <= permission_under AND permission_under <= child_under AND child_under <= {NO_CHILD_FROM}",
            name="child_rules_in_order",
        ),
        sa.CheckConstraint("review_days >= 1", name="child_rules_review_days"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    child_under: Mapped[int]
    permission_under: Mapped[int]
    review_days: Mapped[int]
    source: Mapped[str]
    version: Mapped[int]
    updated_at: Mapped[datetime]


class ChildProgramme(Base):
    """That a programme may name children, where it takes place, and the impact assessment that says so.

    ``ended_on`` is the day from which it may no longer.
    """

    __tablename__ = "child_programmes"
    __table_args__ = (of_programme(),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    programme: Mapped[str] = mapped_column(primary_key=True)
    jurisdiction: Mapped[str]
    impact_assessment: Mapped[str]
    review_on: Mapped[date]
    ended_on: Mapped[date | None]
    version: Mapped[int]
    updated_at: Mapped[datetime]

    def changed(self, at: datetime) -> None:
        """Go on to the next version."""
        self.version, self.updated_at = self.version + 1, at


class ChildRecord(Base):
    """Why a child may be named: the programme, their own yes, who permits it, and when it is looked at again.

    ``parent`` is somebody of the movement, ``parent_name`` anybody else with parental responsibility.
    """

    __tablename__ = "child_records"
    __table_args__ = (
        of_person(erased=GOES),
        sa.ForeignKeyConstraint(["movement", "programme"], ["child_programmes.movement", "child_programmes.programme"]),
        sa.Index("child_records_by_review", "movement", "review_on"),
        sa.Index("child_records_by_programme", "movement", "programme"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(primary_key=True)
    programme: Mapped[str]
    own_yes_on: Mapped[date]
    parent: Mapped[str | None] = mapped_column(info=HOLDS_ANOTHER_PERSON | EMPTIED)
    parent_name: Mapped[str | None]
    permission_given_on: Mapped[date | None]
    permission_notice: Mapped[str | None]
    permission_notice_version: Mapped[str | None]
    permission_notice_language: Mapped[str | None]
    review_on: Mapped[date]
    withdrawn_on: Mapped[date | None]
    version: Mapped[int]
    recorded_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def changed(self, at: datetime) -> None:
        """Go on to the next version."""
        self.version, self.updated_at = self.version + 1, at

    def withdraw(self, on: date, at: datetime) -> None:
        """The child no longer says yes, or whoever permitted it no longer does. Raises AlreadyWithdrawn."""
        if self.withdrawn_on is not None:
            raise AlreadyWithdrawn
        self.withdrawn_on = on
        self.changed(at)


class ChildCount(Base):
    """How many children of a setting took part, counted and not named, from a day to another."""

    __tablename__ = "child_counts"
    __table_args__ = (
        of_organisation("setting"),
        of_programme(),
        sa.CheckConstraint("children >= 0", name="child_counts_children"),
        sa.CheckConstraint("starts_on <= ends_on", name="child_counts_in_order"),
        sa.Index("child_counts_by_setting", "movement", "setting"),
        sa.Index("child_counts_by_programme", "movement", "programme"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    setting: Mapped[str]
    programme: Mapped[str | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    age_band: Mapped[str | None]
    stage: Mapped[str | None]
    children: Mapped[int]
    version: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    def changed(self, at: datetime) -> None:
        """Go on to the next version."""
        self.version, self.updated_at = self.version + 1, at
