"""The tables of reviews and their scores, and the legal steps of a review."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from services.grants.people.models import HOLDS_PERSON
from shared.errors import Conflict, Forbidden
from shared.lifecycle import Lifecycle


class ReviewState(StrEnum):
    """Assigned; clear (no interest declared) or conflicted; scored. Or taken back before it was scored."""

    ASSIGNED = "assigned"
    CLEAR = "clear"
    CONFLICTED = "conflicted"
    SCORED = "scored"
    RELEASED = "released"


LIFECYCLE = Lifecycle(
    "a review",
    {
        ReviewState.ASSIGNED: {ReviewState.CLEAR, ReviewState.CONFLICTED, ReviewState.RELEASED},
        # Who finds out later that they have an interest says so then: what they scored counts no more.
        ReviewState.CLEAR: {ReviewState.CONFLICTED, ReviewState.SCORED, ReviewState.RELEASED},
        ReviewState.SCORED: {ReviewState.CONFLICTED},
        ReviewState.CONFLICTED: set(),
        ReviewState.RELEASED: {ReviewState.ASSIGNED},
    },
)


class Suggested(StrEnum):
    """Whether the reviewer's affiliations suggest an interest. Not known where members did not answer."""

    AFFILIATED = "affiliated"
    NONE_KNOWN = "none_known"
    NOT_KNOWN = "not_known"


class Interest(StrEnum):
    """What ties a reviewer to who applies: theirs or that of somebody close to them."""

    MEMBER = "member"
    FAMILY_OR_FRIEND = "family_or_friend"
    WORK = "work"
    MONEY = "money"
    RIVAL = "rival"
    OTHER = "other"


class DeclareFirst(Forbidden):
    """Nobody reads an application before they have said whether they have an interest in it."""

    code, title = "declare_first", "Say first whether you have an interest in this application"


class Conflicted(Forbidden):
    """Somebody with an interest in an application neither reads nor scores it."""

    code, title = "conflicted", "You declared an interest in this application"


class NotTheReviewer(Forbidden):
    """Only whom a review was assigned to declares, reads and scores."""

    code, title = "not_the_reviewer", "This review was assigned to somebody else"


class AssignedAlready(Conflict):
    """This person reviews the application already."""

    code, title = "assigned_already", "This application was assigned to them already"


class Review(Base):
    """One person's reading of one application.

    ``note`` is what they said of their interest, for those who assign; ``comment`` what they say of the application.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "application_id"], ["applications.movement", "applications.id"]),
        sa.UniqueConstraint("movement", "application_id", "reviewer", name="reviews_one_a_person"),
        sa.CheckConstraint(
            "state IN ('assigned', 'clear', 'conflicted', 'scored', 'released')", name="reviews_known_state"
        ),
        sa.CheckConstraint(
            "state IN ('assigned', 'released') OR declared_at IS NOT NULL", name="reviews_declared_before_all_else"
        ),
        sa.Index("reviews_by_round", "movement", "round_id", "id"),
        sa.Index("reviews_by_reviewer", "movement", "reviewer", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[str]
    application_id: Mapped[str]
    # Erasing somebody leaves what they scored, which a decision rests on, under a name that means nobody.
    reviewer: Mapped[str] = mapped_column(info=HOLDS_PERSON)
    suggested: Mapped[str]
    state: Mapped[str]
    interest: Mapped[str | None]
    note: Mapped[str | None]
    comment: Mapped[str | None]
    assigned_at: Mapped[datetime]
    declared_at: Mapped[datetime | None]
    scored_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    def declare(self, interest: str | None, note: str | None, at: datetime) -> None:
        """Say that one has an interest, or (None) that one has not."""
        to = ReviewState.CLEAR if interest is None else ReviewState.CONFLICTED
        self.state = LIFECYCLE.step(self.state, to)
        self.interest, self.note, self.declared_at = interest, note, at
        self.changed(at)

    def scored(self, comment: str | None, at: datetime) -> None:
        """Note that it was scored. Raises DeclareFirst and Conflicted."""
        self.check_sight()
        self.state = LIFECYCLE.step(self.state, ReviewState.SCORED)
        self.comment, self.scored_at = comment, at
        self.changed(at)

    def assign_again(self, suggested: str, at: datetime) -> None:
        """Give it back to whom it was taken from: they declare anew."""
        self.state = LIFECYCLE.step(self.state, ReviewState.ASSIGNED)
        self.suggested, self.declared_at = suggested, None
        self.changed(at)

    def release(self, at: datetime) -> None:
        """Take the assignment back."""
        self.state = LIFECYCLE.step(self.state, ReviewState.RELEASED)
        self.changed(at)

    def check_sight(self) -> None:
        """Whether its reviewer may read the application. Raises DeclareFirst and Conflicted."""
        if self.state == ReviewState.ASSIGNED:
            raise DeclareFirst
        if self.state == ReviewState.CONFLICTED:
            raise Conflicted

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class Score(Base):
    """What a reviewer gave for one criterion of the rubric, and why."""

    __tablename__ = "review_scores"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "review_id"], ["reviews.movement", "reviews.id"]),
        sa.CheckConstraint("0 <= score", name="review_scores_from_nothing_up"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    review_id: Mapped[str] = mapped_column(primary_key=True)
    criterion: Mapped[str] = mapped_column(primary_key=True)
    score: Mapped[int]
    justification: Mapped[str]


class Standing(NamedTuple):
    """What reviewers gave an application: how many scored it, and the mean of their shares of all points, 0 to 1."""

    reviews: int
    score: Fraction | None


class Shown(NamedTuple):
    """A review as somebody sees it: the scores are None where they are not to be seen yet, or there are none.

    ``noted``: what its reviewer said of their interest shows, to themselves and to those who assign.
    """

    review: Review
    scores: Sequence[Score] | None
    noted: bool = True
