"""What requests and answers about awards look like."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.grants.awards import models
from services.grants.awards.models import AwardState
from services.grants.fields import ApplicationId
from shared.fields import Body, View
from shared.money import Money


class NewAward(Body):
    """An award to offer: to which application, and how much of the round's budget."""

    application: ApplicationId
    amount: Annotated[Money, Field(description="within the round's limits, in its currency")]


class Award(View):
    """An award. While it is offered or accepted, its round's budget holds the amount."""

    id: str
    application: str
    round: str
    amount: Money
    state: AwardState
    offered_at: datetime
    accepted_at: datetime | None
    ended_at: Annotated[datetime | None, Field(description="when it lapsed or was cancelled")]

    @classmethod
    def of(cls, award: models.Award) -> "Award":
        """The answer for an award."""
        return cls(
            id=award.id,
            application=award.application_id,
            round=award.round_id,
            amount=Money.of(award.amount, award.currency),
            state=AwardState(award.state),
            offered_at=award.offered_at,
            accepted_at=award.accepted_at,
            ended_at=award.ended_at,
        )
