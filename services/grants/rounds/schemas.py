"""What requests and answers about rounds look like."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from services.grants.fields import FundId, Moment
from services.grants.rounds import models
from services.grants.rounds.models import RoundState
from shared.fields import Body, Name
from shared.money import Money


class NewRound(Body):
    """A round to draft. Every amount is in the currency of its fund."""

    fund_id: Annotated[FundId, Field(alias="fund")]
    title: Name
    minimum: Annotated[Money, Field(description="the least that one award may be")] = Money.of(500_00, "GBP")
    maximum: Annotated[Money, Field(description="the most that one award may be")] = Money.of(2_500_00, "GBP")
    budget: Annotated[Money, Field(description="the most that all awards together may be")]
    opens_at: Annotated[Moment | None, Field(description="no application before; null: from its opening on")] = None
    closes_at: Annotated[Moment | None, Field(description="no application from then on; null: until closed")] = None


class Round(BaseModel):
    """A round. `remaining` is what may still be awarded: nothing unless it is open."""

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
    created_at: datetime

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
            created_at=shown.created_at,
        )
