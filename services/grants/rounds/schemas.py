"""What requests and answers about rounds look like."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from services.grants.fields import FormVersionId, FundId, Moment, Paragraph, Place, Slug
from services.grants.rounds import models
from services.grants.rounds.models import LEAST_AWARD, MOST_AWARD, RoundState
from services.grants.rounds.rules import DecisionMode, GroupKind, StoredEligibility, TieRule
from shared.editing import Changes
from shared.fields import Body, Name, View, line
from shared.money import Money


class Criterion(Body):
    """One thing that reviewers score, from 0 to `most`; it counts `weight` times."""

    key: Annotated[Slug, Field(description="what scores name it by")]
    question: Annotated[str, line(500)]
    most: Annotated[int, Field(ge=1, le=100)] = 5
    weight: Annotated[int, Field(ge=1, le=100)] = 1


class Eligibility(Body):
    """Where, what sort of groups and what themes a round is for; an empty list is any.

    What people did, or on which rung they stand, is no rule of it: no grant depends on that.
    """

    places: Annotated[list[Place], Field(default_factory=list, max_length=500)]
    kinds: Annotated[list[GroupKind], Field(default_factory=list, max_length=len(GroupKind))]
    themes: Annotated[list[Slug], Field(default_factory=list, max_length=50)]

    def stored(self) -> StoredEligibility:
        """As it is kept with the round."""
        return {"places": self.places, "kinds": [kind.value for kind in self.kinds], "themes": self.themes}


Rubric = Annotated[list[Criterion], Field(max_length=20, description="what reviewers score, if they do")]
Quorum = Annotated[int, Field(ge=0, le=50, description="how many reviews an application needs")]
PriorityPlaces = Annotated[
    list[Place],
    Field(max_length=500, description="GSS codes; of two that stand alike the first named place goes first"),
]


class NewRound(Body):
    """A round to draft. Every amount is in the currency of its fund. Its rules are frozen when it opens."""

    fund_id: Annotated[FundId, Field(alias="fund")]
    title: Name
    minimum: Annotated[Money, Field(description="the least that one award may be")] = Money.of(LEAST_AWARD, "GBP")
    maximum: Annotated[Money, Field(description="the most that one award may be")] = Money.of(MOST_AWARD, "GBP")
    budget: Annotated[Money, Field(description="the most that all awards together may be")]
    opens_at: Annotated[Moment | None, Field(description="no application before; once published it opens then")] = None
    closes_at: Annotated[Moment | None, Field(description="no application from then on; null: until closed")] = None
    form_version: Annotated[
        FormVersionId | None, Field(description="what groups are asked; null: the one question of every application")
    ] = None
    decision_mode: DecisionMode = DecisionMode.OFFICER
    tie_rule: TieRule = TieRule.PLACE_THEN_DRAW
    priority_places: Annotated[PriorityPlaces, Field(default_factory=list)]
    rubric: Annotated[Rubric, Field(default_factory=list)]
    quorum: Quorum = 0
    eligibility: Annotated[Eligibility, Field(default_factory=lambda: Eligibility.model_validate({}))]


class RoundChanges(Changes):
    """What of a round is to be different that has not opened. Once it has, only its title can be."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"opens_at", "closes_at", "form_version"})

    fund_id: Annotated[FundId | None, Field(alias="fund")] = None
    title: Name | None = None
    minimum: Money | None = None
    maximum: Money | None = None
    budget: Money | None = None
    opens_at: Moment | None = None
    closes_at: Moment | None = None
    form_version: FormVersionId | None = None
    decision_mode: DecisionMode | None = None
    tie_rule: TieRule | None = None
    priority_places: PriorityPlaces | None = None
    rubric: Rubric | None = None
    quorum: Quorum | None = None
    eligibility: Eligibility | None = None


class Farewell(Body):
    """What is said to whoever is still on the reserve list when a round ends: a reason, and one offer of help."""

    reason: Paragraph
    help: Paragraph


class CallingOff(Body):
    """Why a round that groups know of is called off, in words that they can be told."""

    reason: Paragraph


class Round(View):
    """A round. `remaining` is what may still be awarded: nothing before it opens, nor once it is complete.

    `suggestion` is that of people's unmet wishes, if they suggested it (`GET /v1/voices/round-suggestions`).
    """

    id: str
    fund: str
    title: str
    state: RoundState
    minimum: Money
    maximum: Money
    budget: Money
    committed: Annotated[Money, Field(description="held by live awards, offered or accepted")]
    remaining: Money
    form_version: str | None
    decision_mode: DecisionMode
    tie_rule: TieRule
    priority_places: list[str]
    rubric: list[Criterion]
    quorum: int
    eligibility: Eligibility
    opens_at: datetime | None
    closes_at: datetime | None
    published_at: datetime | None
    opened_at: datetime | None
    closed_at: datetime | None
    assessing_at: datetime | None
    decided_at: datetime | None
    ended_at: Annotated[datetime | None, Field(description="when it was complete, or cancelled")]
    held_up: Annotated[str | None, Field(description="what kept it from opening at its instant, as a problem's code")]
    cancelled_because: Annotated[str | None, Field(description="why it was called off, where groups knew of it")]
    suggestion: str | None
    created_at: datetime
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, shown: models.Round) -> "Round":
        """The answer for a round."""
        return cls(
            id=shown.id,
            fund=shown.fund_id,
            title=shown.title,
            state=RoundState(shown.state),
            minimum=Money.of(shown.minimum, shown.currency),
            maximum=Money.of(shown.maximum, shown.currency),
            budget=Money.of(shown.budget, shown.currency),
            committed=Money.of(shown.committed, shown.currency),
            remaining=Money.of(shown.remaining, shown.currency),
            form_version=shown.form_version,
            decision_mode=DecisionMode(shown.decision_mode),
            tie_rule=TieRule(shown.tie_rule),
            priority_places=shown.priority_places,
            rubric=[Criterion(**criterion) for criterion in shown.rubric],
            quorum=shown.quorum,
            eligibility=Eligibility.model_validate(shown.eligibility),
            opens_at=shown.opens_at,
            closes_at=shown.closes_at,
            published_at=shown.published_at,
            opened_at=shown.opened_at,
            closed_at=shown.closed_at,
            assessing_at=shown.assessing_at,
            decided_at=shown.decided_at,
            ended_at=shown.ended_at,
            held_up=shown.held_up,
            cancelled_because=shown.cancelled_because,
            suggestion=shown.suggestion,
            created_at=shown.created_at,
            updated_at=shown.updated_at,
            version=shown.version,
        )
