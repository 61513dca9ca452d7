"""The tables of decisions, of who stands in them and of the panel that sat; the legal steps of a decision."""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from services.grants.people.models import HOLDS_PERSON
from services.grants.reviews.models import Standing
from services.grants.rounds.rules import DecisionMode
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class DecisionState(StrEnum):
    """Begun; voting, where the community votes; ranked; made, which is one act; or abandoned before that."""

    BEGUN = "begun"
    VOTING = "voting"
    RANKED = "ranked"
    MADE = "made"
    ABANDONED = "abandoned"


LIFECYCLE = Lifecycle(
    "a decision",
    {
        DecisionState.BEGUN: {
            DecisionState.VOTING,
            DecisionState.RANKED,
            DecisionState.MADE,
            DecisionState.ABANDONED,
        },
        DecisionState.VOTING: {DecisionState.RANKED, DecisionState.ABANDONED},
        DecisionState.RANKED: {DecisionState.MADE, DecisionState.ABANDONED},
        DecisionState.MADE: set(),
        DecisionState.ABANDONED: set(),
    },
)

BY_JUDGEMENT = (DecisionMode.OFFICER, DecisionMode.PANEL)
"""The modes in which people give each application its outcome; in the others it follows from votes or lots."""


class Outcome(StrEnum):
    """What a decision says to an application: money now, money if some comes free, or no."""

    AWARD = "award"
    RESERVE = "reserve"
    DECLINE = "decline"


class NotTheRoundsMode(Conflict):
    """The round's frozen rules say that it is decided another way."""

    code, title = "not_the_rounds_mode", "The round is decided another way"


class UnderDecision(Conflict):
    """Another decision of the round is under way; ``decision`` is its id."""

    code, title = "under_decision", "The round is being decided already"


class DecidedTogether(Conflict):
    """One application of a round that is decided between all of them was to get its outcome by itself."""

    code, title = "decided_together", "The round is decided between all its applications"


class NoQuorum(Conflict):
    """Fewer people have judged than the round's rules ask for."""

    code, title = "no_quorum", "Too few have judged"


class ConflictedInTheRoom(Conflict):
    """Somebody of the panel has an interest in an application and did not leave the room for it."""

    code, title = "conflicted_in_the_room", "Somebody with an interest was in the room"


class NotRanked(Conflict):
    """Votes are not counted, or lots not drawn yet."""

    code, title = "not_ranked", "The order is not known yet"


class NotAVote(Conflict):
    """The round is not decided by a vote."""

    code, title = "not_a_vote", "This is not decided by a vote"


class NotAPanel(Conflict):
    """The round is not decided by a panel."""

    code, title = "not_a_panel", "This is not decided by a panel"


class NoMeeting(Conflict):
    """A panel decides in a meeting, and none is written down."""

    code, title = "no_meeting", "The panel has not met"


class Decision(Base):
    """How and when a round, or some applications to it, was decided.

    ``dots`` are what each voter has, ``most_on_one`` of them on one application. ``voted_online`` and ``digest``, that
    of the last link of the ballots' chain, are fixed when voting closes. ``delegation`` is the one it was made under,
    ``answer_days`` how long those who are offered money have to answer.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "round_id"], ["rounds.movement", "rounds.id"]),
        sa.CheckConstraint("state IN ('begun', 'voting', 'ranked', 'made', 'abandoned')", name="decisions_known_state"),
        sa.CheckConstraint(
            "(mode = 'vote') = (dots IS NOT NULL AND most_on_one IS NOT NULL)", name="decisions_dots_for_votes"
        ),
        sa.Index(
            "decisions_one_live_a_round",
            "movement",
            "round_id",
            unique=True,
            sqlite_where=sa.text("state IN ('begun', 'voting', 'ranked')"),
            postgresql_where=sa.text("state IN ('begun', 'voting', 'ranked')"),
        ),
        sa.Index("decisions_by_round", "movement", "round_id", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    round_id: Mapped[str]
    mode: Mapped[str]
    state: Mapped[str]
    dots: Mapped[int | None]
    most_on_one: Mapped[int | None]
    voted_online: Mapped[int | None]
    digest: Mapped[str | None]
    delegation: Mapped[str | None]
    answer_days: Mapped[int | None]
    because: Mapped[str | None]
    begun_by: Mapped[str]
    made_by: Mapped[str | None]
    begun_at: Mapped[datetime]
    voting_at: Mapped[datetime | None]
    ranked_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    version: Mapped[int]

    def open_voting(self, at: datetime) -> None:
        """Let those on the roll vote."""
        if self.mode != DecisionMode.VOTE:
            raise NotAVote
        self.state = LIFECYCLE.step(self.state, DecisionState.VOTING)
        self.voting_at = at
        self.changed(at)

    def ranked(self, at: datetime) -> None:
        """Note that the order is known."""
        if self.mode == DecisionMode.VOTE and self.state == DecisionState.BEGUN:
            raise NotRanked("nobody has voted yet")
        self.state = LIFECYCLE.step(self.state, DecisionState.RANKED)
        self.ranked_at = at
        self.changed(at)

    def make(self, by: str, at: datetime) -> None:
        """Note that every application of it has its outcome."""
        if self.state == DecisionState.BEGUN and self.mode not in BY_JUDGEMENT:
            raise NotRanked
        self.state = LIFECYCLE.step(self.state, DecisionState.MADE)
        self.made_by, self.ended_at = by, at
        self.changed(at)

    def abandon(self, because: str, at: datetime) -> None:
        """Give it up, for a reason; another may be begun."""
        self.state = LIFECYCLE.step(self.state, DecisionState.ABANDONED)
        self.because, self.ended_at = because, at
        self.changed(at)

    def changed(self, at: datetime) -> None:
        """Note that something about it changed."""
        self.version += 1
        self.updated_at = at


class Candidate(Base):
    """An application in a decision: what it asks for, how it stands, and what became of it.

    ``votes`` are dots. ``award_id`` is the award that it was offered. ``held_up`` is the code of what kept money that
    came free from it while it stands in reserve.
    """

    __tablename__ = "decision_candidates"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "decision_id"], ["decisions.movement", "decisions.id"]),
        sa.ForeignKeyConstraint(["movement", "application_id"], ["applications.movement", "applications.id"]),
        sa.CheckConstraint("outcome IN ('award', 'reserve', 'decline')", name="decision_candidates_known_outcome"),
        sa.CheckConstraint("amount > 0", name="decision_candidates_are_given_something"),
        sa.Index(
            "decision_candidates_in_reserve",
            "movement",
            "decision_id",
            "rank",
            sqlite_where=sa.text("outcome = 'reserve' AND held_up IS NULL"),
            postgresql_where=sa.text("outcome = 'reserve' AND held_up IS NULL"),
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    decision_id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str | None]
    asked: Mapped[int]
    votes: Mapped[int | None]
    rank: Mapped[int | None]
    ranked_by: Mapped[str | None]
    outcome: Mapped[str | None]
    amount: Mapped[int | None]
    award_id: Mapped[str | None]
    held_up: Mapped[str | None]

    @property
    def wants(self) -> int:
        """The pence that it takes to fund it: what was decided or, before that, what it asks for."""
        return self.asked if self.amount is None else self.amount


class Meeting(Base):
    """The panel's meeting about a decision: when, and its minute."""

    __tablename__ = "decision_meetings"
    __table_args__ = (sa.ForeignKeyConstraint(["movement", "decision_id"], ["decisions.movement", "decisions.id"]),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    decision_id: Mapped[str] = mapped_column(primary_key=True)
    held_on: Mapped[date]
    minute: Mapped[str]


class Panellist(Base):
    """Somebody who sat."""

    __tablename__ = "decision_panellists"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["movement", "decision_id"], ["decision_meetings.movement", "decision_meetings.decision_id"]
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    decision_id: Mapped[str] = mapped_column(primary_key=True)
    # Erasing somebody leaves that a person sat, for the quorum, under a name that means nobody.
    person: Mapped[str] = mapped_column(primary_key=True, info=HOLDS_PERSON)


class Departure(Base):
    """That somebody left the room while an application was talked about."""

    __tablename__ = "decision_departures"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["movement", "decision_id"], ["decision_meetings.movement", "decision_meetings.decision_id"]
        ),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    decision_id: Mapped[str] = mapped_column(primary_key=True)
    application_id: Mapped[str] = mapped_column(primary_key=True)
    # As of those who sat.
    person: Mapped[str] = mapped_column(primary_key=True, info=HOLDS_PERSON)


class ShownMeeting(NamedTuple):
    """A meeting with who sat and who left the room."""

    meeting: Meeting
    present: Sequence[str]
    left: Sequence[Departure]


class Shown(NamedTuple):
    """A decision with all who stand in it, best first once that is known, and what reviewers gave each."""

    decision: Decision
    currency: str
    candidates: Sequence[tuple[Candidate, Standing]]
