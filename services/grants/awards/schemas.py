"""What requests and answers about awards look like."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, ClassVar

from pydantic import Field

from services.grants.awards import models
from services.grants.awards.models import AwardState, ChangeKind
from services.grants.fields import ApplicationId, Moment, Paragraph
from shared.editing import Changes
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


class AwardChanges(Changes):
    """What of an award is to be different, and why. Its group accepts it anew before more of it is paid."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"purpose", "starts_on", "ends_on", "people_at_risk"})

    reason: Annotated[Paragraph, Field(description="why")]
    amount: Annotated[Money | None, Field(description="within the round's limits, and what it has left")] = None
    purpose: Paragraph | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    people_at_risk: bool | None = None


class Because(Body):
    """Why, in words that the group can be told."""

    reason: Paragraph


class AwardClosing(Body):
    """How much of what was paid the group has spent."""

    spent: Annotated[Money, Field(description="what was paid and not spent is asked back")]


class Terms(View):
    """What was agreed of an award."""

    amount: Money
    purpose: str | None
    starts_on: date | None
    ends_on: date | None
    people_at_risk: bool | None

    @classmethod
    def of(cls, terms: models.StoredTerms, currency: str) -> "Terms":
        """The answer for what was agreed."""
        return cls(
            amount=Money.of(terms["pence"], currency),
            purpose=terms["purpose"],
            starts_on=_day(terms["starts_on"]),
            ends_on=_day(terms["ends_on"]),
            people_at_risk=terms["people_at_risk"],
        )


class AwardChange(View):
    """What was done with an award, and what was agreed before and after where that changed."""

    kind: ChangeKind
    made_on: date
    made_at: datetime
    by: Annotated[str, Field(description="the session or the key by which it was done")]
    reason: str | None
    before: Terms | None
    after: Terms | None

    @classmethod
    def of(cls, change: models.AwardChange, currency: str) -> "AwardChange":
        """The answer for a change of an award in this currency."""
        return cls(
            kind=ChangeKind(change.kind),
            made_on=change.made_on,
            made_at=change.made_at,
            by=change.by,
            reason=change.reason,
            before=None if change.before is None else Terms.of(change.before, currency),
            after=None if change.after is None else Terms.of(change.after, currency),
        )


class AwardHistory(View):
    """What was changed of an award, the oldest first."""

    changes: list[AwardChange]

    @classmethod
    def of(cls, award: models.Award, changes: Sequence[models.AwardChange]) -> "AwardHistory":
        """The answer for an award, and what was changed of it."""
        return cls(changes=[AwardChange.of(change, award.currency) for change in changes])


class Award(View):
    """An award. Its round's budget holds what is `committed`."""

    id: str
    application: str
    round: str
    amount: Money
    committed: Annotated[Money, Field(description="held by the round: the amount, less what will not be paid any more")]
    paying: Annotated[Money, Field(description="all payments that are proposed, on their way or paid")]
    paid: Annotated[Money, Field(description="what of them went out and did not come back from the bank")]
    owed: Annotated[Money, Field(description="what came back after it ended, to be paid again or let go")]
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
            owed=Money.of(award.owed, award.currency),
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


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)
