"""What requests and answers about decisions look like."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from services.grants.decisions import models
from services.grants.decisions.drawing.models import Seed
from services.grants.decisions.models import DecisionState, Outcome
from services.grants.decisions.ranking import By
from services.grants.fields import ApplicationId, Paragraph, RoundId
from services.grants.people.fields import PersonId
from services.grants.reviews.models import Standing
from services.grants.rounds.rules import DecisionMode
from shared.fields import Body, View
from shared.ids import Id
from shared.money import Money

DecisionId = Annotated[str, Id("decision")]
AnswerDays = Annotated[int, Field(ge=1, le=366, description="how many days those who are offered money have to answer")]


class VotingRules(Body):
    """What each voter has: so many dots, and at most so many of them on one application."""

    dots: Annotated[int, Field(ge=1, le=100)] = 1
    most_on_one: Annotated[int, Field(ge=1, le=100)] = 1


class NewDecision(Body):
    """A decision about a round, or about some applications to it, in the way that the round's rules say."""

    round_id: Annotated[RoundId, Field(alias="round")]
    applications: Annotated[
        list[ApplicationId] | None,
        Field(min_length=1, max_length=5000, description="only these, by judgement; null: all that are to be decided"),
    ] = None
    voting: Annotated[VotingRules | None, Field(description="for a vote, and only for one")] = None


class GivenOutcome(Body):
    """What an officer or a panel says to one application. The order of those in reserve is that of the list."""

    application: ApplicationId
    outcome: Outcome
    amount: Annotated[Money | None, Field(description="for an award or reserve; null: what was asked for")] = None
    reason: Annotated[Paragraph | None, Field(description="for a no: why, in plain words")] = None


class Making(Body):
    """The one act of a decision.

    An officer or a panel may give each application its outcome. Without `outcomes` they follow from the order: money
    to the best as far as it reaches, the next `reserve` of them in reserve, a no to the rest for `reason`.
    """

    outcomes: Annotated[list[GivenOutcome] | None, Field(min_length=1, max_length=5000)] = None
    reserve: Annotated[int | None, Field(ge=0, le=5000, description="null: all for whom there is no money")] = None
    reason: Annotated[Paragraph | None, Field(description="what those are told to whom it is no")] = None
    help_offered: Annotated[Paragraph | None, Field(description="the one offer of help that goes with a no")] = None
    answer_days: AnswerDays | None = None


class Left(Body):
    """That somebody left the room while an application was talked about."""

    person: PersonId
    application: ApplicationId


class NewMeeting(Body):
    """A panel's meeting: who sat, who left the room for which application, and the minute."""

    held_on: date
    present: Annotated[list[PersonId], Field(min_length=1, max_length=100)]
    left: Annotated[list[Left], Field(default_factory=list, max_length=5000)]
    minute: Paragraph


class Reason(Body):
    """Why, in words."""

    reason: Paragraph


class Meeting(View):
    """A panel's meeting."""

    held_on: date
    present: list[str]
    left: list[Left]
    minute: str

    @classmethod
    def of(cls, shown: models.ShownMeeting) -> "Meeting":
        """The answer for a meeting."""
        return cls(
            held_on=shown.meeting.held_on,
            present=list(shown.present),
            left=[Left.model_construct(person=each.person, application=each.application_id) for each in shown.left],
            minute=shown.meeting.minute,
        )


class Candidate(View):
    """An application in a decision: how it stands, and what became of it."""

    application: str
    place: str | None
    asked: Money
    reviews: Annotated[int, Field(description="how many reviewers scored it")]
    score: Annotated[float | None, Field(description="the mean of their shares of all points, from 0 to 1")]
    votes: Annotated[int | None, Field(description="dots, once they are counted")]
    rank: int | None
    ranked_by: Annotated[By | None, Field(description="what put it before the next one")]
    outcome: Outcome | None
    amount: Money | None
    award: str | None
    held_up: Annotated[str | None, Field(description="what kept money that came free from it, as a problem's code")]

    @classmethod
    def of(cls, stands: models.Candidate, standing: Standing, currency: str) -> "Candidate":
        """The part of an answer for a candidate."""
        return cls(
            application=stands.application_id,
            place=stands.place,
            asked=Money.of(stands.asked, currency),
            reviews=standing.reviews,
            score=None if standing.score is None else round(float(standing.score), 4),
            votes=stands.votes,
            rank=stands.rank,
            ranked_by=None if stands.ranked_by is None else By(stands.ranked_by),
            outcome=None if stands.outcome is None else Outcome(stands.outcome),
            amount=None if stands.amount is None else Money.of(stands.amount, currency),
            award=stands.award_id,
            held_up=stands.held_up,
        )


class DecisionHead(View):
    """A decision without its candidates."""

    id: str
    round: str
    mode: DecisionMode
    state: DecisionState
    dots: int | None
    most_on_one: int | None
    voted_online: Annotated[int | None, Field(description="once voting has closed")]
    digest: Annotated[str | None, Field(description="of the record of a vote, as announced when voting closed")]
    answer_days: int | None
    because: Annotated[str | None, Field(description="why it was abandoned")]
    begun_at: datetime
    voting_at: datetime | None
    ranked_at: datetime | None
    ended_at: Annotated[datetime | None, Field(description="when it was made, or abandoned")]
    updated_at: datetime
    version: int

    @classmethod
    def head_of(cls, decision: models.Decision) -> "DecisionHead":
        """The answer for a decision in a list."""
        return cls(
            id=decision.id,
            round=decision.round_id,
            mode=DecisionMode(decision.mode),
            state=DecisionState(decision.state),
            dots=decision.dots,
            most_on_one=decision.most_on_one,
            voted_online=decision.voted_online,
            digest=decision.digest,
            answer_days=decision.answer_days,
            because=decision.because,
            begun_at=decision.begun_at,
            voting_at=decision.voting_at,
            ranked_at=decision.ranked_at,
            ended_at=decision.ended_at,
            updated_at=decision.updated_at,
            version=decision.version,
        )


class Decision(DecisionHead):
    """A decision and all who stand in it: best first once that is known."""

    candidates: list[Candidate]

    @classmethod
    def of(cls, shown: models.Shown) -> "Decision":
        """The answer for a decision."""
        candidates = [Candidate.of(stands, standing, shown.currency) for stands, standing in shown.candidates]
        head = DecisionHead.head_of(shown.decision)
        return cls(**dict(head), candidates=candidates)


class Proposed(View):
    """What would become of an application if the decision were made now."""

    application: str
    rank: int | None
    outcome: Outcome
    amount: Money | None


class Proposal(View):
    """What would become of each application, best first."""

    data: list[Proposed]


class Draw(View):
    """The seed of a round's lots: its SHA-256 since the round opened, the seed itself once the order is reckoned.

    The lot of an application is the SHA-256 of seed, colon and its id; the lowest comes first.
    """

    id: str
    round: str
    digest: str
    seed: str | None
    committed_at: datetime
    revealed_at: datetime | None

    @classmethod
    def of(cls, seed: Seed) -> "Draw":
        """The answer for a seed."""
        return cls(
            id=seed.id,
            round=seed.round_id,
            digest=seed.digest,
            seed=seed.seed,
            committed_at=seed.committed_at,
            revealed_at=seed.revealed_at,
        )
