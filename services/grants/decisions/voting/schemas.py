"""What requests and answers about votes look like, and the published record that ``recount.py`` reads."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.grants.decisions.schemas import DecisionId
from services.grants.decisions.voting import models
from services.grants.decisions.voting.models import Because, Voted
from services.grants.fields import ApplicationId
from services.grants.people.fields import PersonId
from services.grants.rounds.rules import DecisionMode
from shared.fields import Body, View

Dots = Annotated[dict[ApplicationId, Annotated[int, Field(ge=0, le=1_000_000)]], Field(max_length=5000)]


class NewVoter(Body):
    """Somebody who has a vote, and why."""

    person: PersonId
    because: Because


class NewVoters(Body):
    """People for the roll."""

    voters: Annotated[list[NewVoter], Field(min_length=1, max_length=1000)]


class NewBallot(Body):
    """A ballot: whose dots go to which applications. It is secret, and cannot be changed."""

    decision: DecisionId
    dots: Annotated[dict[ApplicationId, Annotated[int, Field(ge=1, le=100)]], Field(min_length=1, max_length=100)]


class Counted(Body):
    """What a teller counted in a box: how many ballots, and their dots by application."""

    ballots: Annotated[int, Field(ge=0, le=1_000_000)]
    dots: Dots


class Voter(View):
    """Somebody on the roll, and how they voted, if they did: never for what."""

    person: str
    because: Because
    voted: Voted | None

    @classmethod
    def of(cls, voter: models.Voter) -> "Voter":
        """The answer for a voter."""
        voted = None if voter.voted is None else Voted(voter.voted)
        return cls(person=voter.person, because=Because(voter.because), voted=voted)


class Enrolled(View):
    """How many were put on the roll; who was on it already is not counted."""

    enrolled: int


class Receipt(View):
    """What a voter finds their ballot by once the record is published. It is told this once."""

    decision: str
    receipt: str

    @classmethod
    def of(cls, ballot: models.Ballot) -> "Receipt":
        """The answer for a ballot."""
        return cls(decision=ballot.decision_id, receipt=ballot.receipt)


class Difference(View):
    """What two tellers counted differently: the dots of an application, or (null) the ballots."""

    application: str | None
    first: int
    second: int


class Count(View):
    """What one teller counted."""

    ballots: int
    dots: dict[str, int]
    counted_at: datetime
    version: int


class Box(View):
    """A box of paper ballots. A teller sees their own count, and where the two differ once both have counted."""

    box: int
    tellers: int
    agreed: bool
    differences: list[Difference]
    own: Count | None

    @classmethod
    def of(cls, box: models.BoxOf) -> "Box":
        """The answer for a box."""
        own = None
        if box.own is not None:
            own = Count(
                ballots=box.own.ballots, dots=box.own.dots, counted_at=box.own.counted_at, version=box.own.version
            )
        differences = [Difference(**each._asdict()) for each in box.differences]
        return cls(box=box.number, tellers=len(box.tallies), agreed=box.agreed, differences=differences, own=own)


class Boxes(View):
    """The boxes of a vote that somebody has counted."""

    data: list[Box]


class Option(View):
    """What could be voted for."""

    application: str
    place: str | None


class VotingRules(View):
    """What a vote, or a draw, was held under."""

    options: list[Option]
    dots: int
    most_on_one: int
    first_places: list[str]
    seed_digest: str


class PaperBox(View):
    """A box of paper ballots as two tellers agreed on it."""

    ballots: int
    dots: dict[str, int]


class PublishedBallot(View):
    """A ballot, without whose it is."""

    receipt: str
    dots: dict[str, int]
    digest: Annotated[str, Field(description="SHA-256 of the digest before it and this ballot")]


class Result(View):
    """How many dots an application was given; the best first."""

    application: str
    votes: int


class Record(View):
    """Everything that a vote or a draw came to, for anybody to count again with `recount.py`.

    Ballots stand in the order of their receipts, which are random: it says nothing of who voted when.
    """

    decision: str
    round: str
    mode: DecisionMode
    rules: VotingRules
    paper: list[PaperBox]
    voted_online: int
    ballots: list[PublishedBallot]
    digest: str
    seed: str
    result: list[Result]
