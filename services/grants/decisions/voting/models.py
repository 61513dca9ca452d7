"""The tables of voters, ballots and tellers' tallies.

A ballot does not say whose it is or when it was cast, and the roll says only that somebody voted: neither table has
anything by which a row of the one leads to a row of the other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from services.grants.base import Base
from services.grants.people.models import HOLDS_PERSON
from shared.errors import Conflict, Forbidden


class Voted(StrEnum):
    """How somebody voted."""

    ONLINE = "online"
    PAPER = "paper"


class Because(StrEnum):
    """Why somebody has a vote."""

    LIVES_HERE = "lives_here"
    WORKS_HERE = "works_here"
    MEMBER = "member"
    GROUP = "group"
    OTHER = "other"


class NotOnTheRoll(Forbidden):
    """Only who is on the roll votes."""

    code, title = "not_on_the_roll", "This person is not on the roll of voters"


class VotedAlready(Conflict):
    """Nobody votes twice, nor online and on paper."""

    code, title = "voted_already", "This person has voted"


class NotVoting(Conflict):
    """Voting has not opened, or is over."""

    code, title = "not_voting", "Nobody can vote now"


class StillVoting(Conflict):
    """The ballots are shown once voting has closed."""

    code, title = "still_voting", "Voting is not over"


class TwoTellers(Conflict):
    """Two others have counted this box already."""

    code, title = "two_tellers", "Two tellers have counted this box"


class TellersDiffer(Conflict):
    """A box was counted by one teller alone, or by two who differ; ``box`` says which one."""

    code, title = "tellers_differ", "Two tellers have to count each box and agree"


class TooManyBallots(Conflict):
    """The boxes hold more ballots than were handed out to people on the roll."""

    code, title = "too_many_ballots", "More paper ballots than people who were given one"


class Voter(Base):
    """Somebody on the roll of a vote, and how they voted, if they did."""

    __tablename__ = "decision_voters"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "decision_id"], ["decisions.movement", "decisions.id"]),
        sa.CheckConstraint("voted IN ('online', 'paper')", name="decision_voters_known_way"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    decision_id: Mapped[str] = mapped_column(primary_key=True)
    # Erasing somebody leaves that one more voted, for the count, under a name that means nobody.
    person: Mapped[str] = mapped_column(primary_key=True, info=HOLDS_PERSON)
    because: Mapped[str]
    voted: Mapped[str | None]


class Ballot(Base):
    """One ballot cast online: its receipt, which only its voter was told, and its dots by application.

    ``digest`` links it to the one before it in the order of receipts, once voting has closed.
    """

    __tablename__ = "decision_ballots"
    __table_args__ = (sa.ForeignKeyConstraint(["movement", "decision_id"], ["decisions.movement", "decisions.id"]),)

    movement: Mapped[str] = mapped_column(primary_key=True)
    decision_id: Mapped[str] = mapped_column(primary_key=True)
    receipt: Mapped[str] = mapped_column(primary_key=True)
    dots: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    digest: Mapped[str | None]


class Tally(Base):
    """What one teller counted in one box: how many ballots, and their dots by application."""

    __tablename__ = "decision_tallies"
    __table_args__ = (
        sa.ForeignKeyConstraint(["movement", "decision_id"], ["decisions.movement", "decisions.id"]),
        sa.CheckConstraint("0 <= ballots", name="decision_tallies_count_up"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    decision_id: Mapped[str] = mapped_column(primary_key=True)
    box: Mapped[int] = mapped_column(primary_key=True)
    teller: Mapped[str] = mapped_column(primary_key=True)
    ballots: Mapped[int]
    dots: Mapped[dict[str, int]] = mapped_column(sa.JSON)
    counted_at: Mapped[datetime]
    version: Mapped[int]


class Difference(NamedTuple):
    """What two tellers counted differently: the dots of an application, or (None) the ballots."""

    application: str | None
    first: int
    second: int


class BoxOf(NamedTuple):
    """A box and what its tellers counted; ``own`` is the caller's count."""

    number: int
    tallies: Sequence[Tally]
    own: Tally | None

    @property
    def differences(self) -> Sequence[Difference]:
        """Where the two differ; nothing until both have counted."""
        return differences(*self.tallies) if len(self.tallies) == 2 else ()

    @property
    def agreed(self) -> bool:
        """Whether two have counted it and found the same."""
        return len(self.tallies) == 2 and not self.differences


def differences(one: Tally, other: Tally) -> Sequence[Difference]:
    """What two tellers counted differently."""
    found = [] if one.ballots == other.ballots else [Difference(None, one.ballots, other.ballots)]
    for application in sorted(one.dots.keys() | other.dots.keys()):
        first, second = one.dots.get(application, 0), other.dots.get(application, 0)
        if first != second:
            found.append(Difference(application, first, second))
    return found


def total(casts: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """The dots of each application in all of these."""
    votes: dict[str, int] = {}
    for cast in casts:
        for application, dots in cast.items():
            votes[application] = votes.get(application, 0) + dots
    return votes
