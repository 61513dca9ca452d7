"""What requests and answers about awards look like."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from services.grants.awards import models
from services.grants.awards.models import AwardState
from services.grants.fields import ApplicationId, Moment, Paragraph
from shared.fields import Body, View
from shared.money import Money


class NewAward(Body):
    """An award to offer: to which application, and how much of the round's budget."""

    application: ApplicationId
    amount: Annotated[Money, Field(description="within the round's limits, in its currency")]
    answer_by: Annotated[Moment | None, Field(description="when the offer lapses; else BACKBONE_OFFER_DAYS on")] = None
    purpose: Annotated[Paragraph | None, Field(description="what it is for, where that is not all that was asked")] = (
        None
    )
    starts_on: Annotated[date | None, Field(description="when the group begins")] = None
    ends_on: Annotated[date | None, Field(description="when the group has done with it")] = None
    people_at_risk: Annotated[
        bool | None, Field(description="whether children or adults at risk take part; null: nobody said")
    ] = None


class Award(View):
    """An award. Its round's budget holds what is `committed`."""

    id: str
    application: str
    round: str
    amount: Money
    committed: Annotated[Money, Field(description="held by the round: the amount, less what will not be paid any more")]
    paying: Annotated[Money, Field(description="all payments that are proposed, on their way or paid")]
    paid: Annotated[Money, Field(description="what of them went out and did not come back from the bank")]
    purpose: Annotated[str | None, Field(description="what it is for; null: what was applied for")]
    starts_on: date | None
    ends_on: date | None
    people_at_risk: Annotated[bool | None, Field(description="whether children or adults at risk take part")]
    terms: Annotated[int, Field(description="1, and one more each time that what is agreed was amended")]
    state: AwardState
    answer_by: Annotated[datetime | None, Field(description="when the offer lapses; null: not by itself")]
    offered_at: datetime
    accepted_at: datetime | None
    started_at: Annotated[datetime | None, Field(description="when the first payment went out")]
    held_since: Annotated[datetime | None, Field(description="since when it is on hold; null: it is not")]
    ended_at: Annotated[datetime | None, Field(description="when it was closed, lapsed, was refused or cancelled")]
    updated_at: datetime
    version: int

    @classmethod
    def of(cls, award: models.Award) -> "Award":
        """The answer for an award."""
        return cls(
            id=award.id,
            application=award.application_id,
            round=award.round_id,
            amount=Money.of(award.amount, award.currency),
            committed=Money.of(award.committed, award.currency),
            paying=Money.of(award.paying, award.currency),
            paid=Money.of(award.paid, award.currency),
            purpose=award.purpose,
            starts_on=award.starts_on,
            ends_on=award.ends_on,
            people_at_risk=award.people_at_risk,
            terms=award.terms,
            state=AwardState(award.state),
            answer_by=award.answer_by,
            offered_at=award.offered_at,
            accepted_at=award.accepted_at,
            started_at=award.started_at,
            held_since=award.held_since,
            ended_at=award.ended_at,
            updated_at=award.updated_at,
            version=award.version,
        )
