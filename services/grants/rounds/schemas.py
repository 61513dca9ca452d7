"""What requests and answers about rounds look like."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from services.grants.fields import FundId, Moment
from services.grants.rounds import models
from services.grants.rounds.models import LEAST_AWARD, MOST_AWARD, RoundState
from shared.editing import Changes
from shared.fields import Body, Name, View
from shared.money import Money


class NewRound(Body):
    """A round to draft. Every amount is in the currency of its fund."""

    fund_id: Annotated[FundId, Field(alias="fund")]
    title: Name
    minimum: Annotated[Money, Field(description="the least that one award may be")] = Money.of(LEAST_AWARD, "GBP")
    maximum: Annotated[Money, Field(description="the most that one award may be")] = Money.of(MOST_AWARD, "GBP")
    budget: Annotated[Money, Field(description="the most that all awards together may be")]
    opens_at: Annotated[Moment | None, Field(description="no application before; null: from its opening on")] = None
    closes_at: Annotated[Moment | None, Field(description="no application from then on; null: until closed")] = None


class RoundChanges(Changes):
    """What of a draft is to be different. Once it has opened only its title can be."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"opens_at", "closes_at"})

    fund_id: Annotated[FundId | None, Field(alias="fund")] = None
    title: Name | None = None
    minimum: Money | None = None
    maximum: Money | None = None
    budget: Money | None = None
    opens_at: Moment | None = None
    closes_at: Moment | None = None


class Round(View):
    """A round. `remaining` is what may still be awarded: nothing unless it is open.

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
    opens_at: datetime | None
    closes_at: datetime | None
    opened_at: datetime | None
    ended_at: Annotated[datetime | None, Field(description="when it was closed or cancelled")]
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
            opens_at=shown.opens_at,
            closes_at=shown.closes_at,
            opened_at=shown.opened_at,
            ended_at=shown.ended_at,
            suggestion=shown.suggestion,
            created_at=shown.created_at,
            updated_at=shown.updated_at,
            version=shown.version,
        )
