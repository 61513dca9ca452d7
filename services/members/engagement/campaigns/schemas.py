"""What is said about a campaign, and how it and its progress are shown."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, ClassVar, Self

from pydantic import Field

from services.members.engagement.campaigns import models
from services.members.engagement.campaigns.models import Answer, CampaignKind, CampaignState, Counted
from services.members.engagement.campaigns.progress import Progress, Reached
from services.members.fields import OrganisationId, Paragraph, Slug
from shared.editing import Changes
from shared.fields import Body, Name, View
from shared.ids import Id

CampaignId = Annotated[str, Id("campaign")]
AskId = Annotated[str, Id("ask")]


class NewTarget(Body):
    """How many of something are to be reached, by a day where one is named."""

    counts: Counted
    number: int = Field(ge=1, le=10_000_000)
    by: date | None = None


class NewAsk(Body):
    """Who is asked to decide what: an office or a body, not a private person."""

    decider: Name = Field(examples=["Gloucestershire County Council, cabinet"])
    question: Paragraph = Field(examples=["Close the streets around schools at opening time."])
    organisation: OrganisationId | None = None


Targets = Annotated[list[NewTarget], Field(max_length=20)]


class NewCampaign(Body):
    """A campaign to be prepared. Pledges are for it that name its slug, also those made before."""

    slug: Slug = Field(examples=["walk_more"])
    name: Name
    kind: CampaignKind
    purpose: Paragraph
    starts_on: date | None = None
    ends_on: date | None = None
    targets: Targets = Field(default_factory=list)
    asks: list[NewAsk] = Field(default_factory=list, max_length=50)


class CampaignChanges(Changes):
    """What to change. Targets are replaced as a whole, and only while the campaign is a draft."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"starts_on", "ends_on"})

    name: Name | None = None
    purpose: Paragraph | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    targets: Targets | None = None


class NewAnswer(Body):
    """What those who were asked answered, and when. A later answer takes the place of an earlier one."""

    answer: Answer
    answered_on: date
    said: Paragraph | None = None


class Target(View):
    """A target of a campaign."""

    counts: Counted
    number: int
    by: date | None

    @classmethod
    def of(cls, target: models.Target) -> Self:
        """A target as the API shows it."""
        return cls(counts=Counted(target.counts), number=target.number, by=target.by)


class Ask(View):
    """Who is asked to decide what, and their answer: null until there is one."""

    id: AskId
    decider: str
    question: str
    organisation: OrganisationId | None
    answer: Answer | None
    answered_on: date | None
    said: str | None

    @classmethod
    def of(cls, ask: models.Ask) -> Self:
        """An ask as the API shows it."""
        return cls(
            id=ask.id,
            decider=ask.decider,
            question=ask.question,
            organisation=ask.organisation,
            answer=None if ask.answer is None else Answer(ask.answer),
            answered_on=ask.answered_on,
            said=ask.said,
        )


class Campaign(View):
    """A campaign."""

    id: CampaignId
    version: int
    slug: str
    name: str
    kind: CampaignKind
    purpose: str
    state: CampaignState
    starts_on: date | None
    ends_on: date | None
    targets: list[Target]
    asks: list[Ask]
    opened_at: datetime | None
    closed_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, campaign: models.Campaign) -> Self:
        """A campaign as the API shows it."""
        return cls(
            id=campaign.id,
            version=campaign.version,
            slug=campaign.slug,
            name=campaign.name,
            kind=CampaignKind(campaign.kind),
            purpose=campaign.purpose,
            state=CampaignState(campaign.state),
            starts_on=campaign.starts_on,
            ends_on=campaign.ends_on,
            targets=[Target.of(target) for target in campaign.targets],
            asks=[Ask.of(ask) for ask in campaign.asks],
            opened_at=campaign.opened_at,
            closed_at=campaign.closed_at,
            created_at=campaign.created_at,
            updated_at=campaign.updated_at,
        )


class TargetProgress(Target):
    """A target and how far it is: what counts towards it by its day, or to this moment."""

    so_far: int
    reached: bool
    days_left: int | None = Field(description="until its day, negative once it has passed; null where it has none")

    @classmethod
    def at(cls, reached: Reached) -> Self:
        """How far a target is, as the API shows it."""
        target = reached.target
        return cls(
            counts=Counted(target.counts),
            number=target.number,
            by=target.by,
            so_far=reached.so_far,
            reached=reached.so_far >= target.number,
            days_left=reached.days_left,
        )


class CampaignProgress(View):
    """How far a campaign is: everything that can be counted today, each target, and each answer to its asks."""

    campaign: CampaignId
    state: CampaignState
    today: dict[Counted, int]
    targets: list[TargetProgress]
    asked: int
    answered: int
    agreed: int = Field(description="wholly or in part")

    @classmethod
    def of(cls, progress: Progress) -> Self:
        """Progress as the API shows it."""
        answers = [ask.answer for ask in progress.campaign.asks if ask.answer is not None]
        return cls(
            campaign=progress.campaign.id,
            state=CampaignState(progress.campaign.state),
            today=dict(progress.today),
            targets=[TargetProgress.at(reached) for reached in progress.reached],
            asked=len(progress.campaign.asks),
            answered=len(answers),
            agreed=_agreed(answers),
        )


def _agreed(answers: Sequence[str]) -> int:
    return sum(answer in (Answer.AGREED, Answer.AGREED_IN_PART) for answer in answers)
