"""What requests and answers about applications look like."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from services.grants.applications import models
from services.grants.applications.models import ApplicationState
from services.grants.fields import Paragraph, Place, RoundId
from shared.fields import Body, Name, View
from shared.money import Money


class NewApplication(Body):
    """What a group asks of a round."""

    round_id: Annotated[RoundId, Field(alias="round")]
    group_name: Name
    summary: Annotated[Paragraph, Field(description="the answer to the one question: what would you do with it?")]
    amount: Annotated[Money, Field(description="within the round's limits, in its currency")]
    place: Annotated[Place | None, Field(description="where it would happen, as a GSS code")] = None


class Decline(Body):
    """A plain reason, which the group is told."""

    reason: Paragraph


class Application(View):
    """An application. What was submitted never changes; its state does."""

    id: str
    round: str
    group_name: str
    summary: str
    amount: Money
    place: str | None
    state: ApplicationState
    decline_reason: str | None
    submitted_at: datetime

    @classmethod
    def of(cls, application: models.Application) -> "Application":
        """The answer for an application."""
        return cls(
            id=application.id,
            round=application.round_id,
            group_name=application.group_name,
            summary=application.summary,
            amount=Money.of(application.amount, application.currency),
            place=application.place,
            state=ApplicationState(application.state),
            decline_reason=application.decline_reason,
            submitted_at=application.submitted_at,
        )
