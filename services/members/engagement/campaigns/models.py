"""Tables of campaigns: the campaign and its legal steps, what it counts, and whom it asks to decide."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from services.members.base import Base
from services.members.directory.organisations.models import of_organisation
from shared.errors import Conflict
from shared.lifecycle import Lifecycle


class CampaignKind(StrEnum):
    """Whether many are to want something, or somebody is to decide something."""

    PUBLIC_WILL = "public_will"
    POLICY_ASK = "policy_ask"


class CampaignState(StrEnum):
    """Prepared, then open to everybody, then over."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Counted(StrEnum):
    """What a target counts of a campaign."""

    PLEDGES = "pledges"
    PUBLISHED_PLEDGES = "published_pledges"
    KEPT_PLEDGES = "kept_pledges"
    PEOPLE = "people"
    ORGANISATIONS = "organisations"
    COMMITMENTS = "commitments"


class Answer(StrEnum):
    """What those who were asked to decide answered."""

    AGREED = "agreed"
    AGREED_IN_PART = "agreed_in_part"
    REFUSED = "refused"


LIFECYCLE = Lifecycle(
    "a campaign",
    {CampaignState.DRAFT: {CampaignState.OPEN, CampaignState.CLOSED}, CampaignState.OPEN: {CampaignState.CLOSED}},
)


class NoPublishedPledge(Conflict):
    """A campaign that opens with nothing to show loses its moment: somebody goes first."""

    code = "no_published_pledge"
    title = "A campaign opens with at least one published pledge"


class NobodyAsked(Conflict):
    """A policy ask says who is to decide."""

    code = "nobody_asked"
    title = "A policy ask opens once it says who is asked to decide"


class NotADraft(Conflict):
    """What a campaign sets out to do is settled when it opens; ``state`` says where it is."""

    code = "not_a_draft"
    title = "Only a draft's targets can be changed"


class Over(Conflict):
    """Nobody could join it; ``ends_on`` says until when it was to go."""

    code = "campaign_over"
    title = "The campaign's last day has passed: give it a later one to open it"


class Closed(Conflict):
    """What is over stays as it was."""

    code = "campaign_closed"
    title = "The campaign is closed"


class NotOpen(Conflict):
    """Nobody has been asked yet."""

    code = "campaign_not_open"
    title = "The campaign was never opened"


OPEN = "state = 'open'"
"""The condition of the index on what closes by itself, as queries repeat it."""


def _of_campaign() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["movement", "campaign"], ["campaigns.movement", "campaigns.id"])


def of_ask() -> sa.ForeignKeyConstraint:
    """The foreign key of a table whose rows belong to a policy ask of the same movement."""
    return sa.ForeignKeyConstraint(["movement", "ask"], ["campaign_asks.movement", "campaign_asks.id"])


class Campaign(Base):
    """A campaign. Pledges are for the one whose ``slug`` they name, which never changes."""

    __tablename__ = "campaigns"
    __table_args__ = (
        sa.UniqueConstraint("movement", "slug"),
        sa.CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on", name="campaigns_in_order"),
        sa.Index("campaigns_open_by_last_day", "ends_on", sqlite_where=sa.text(OPEN), postgresql_where=sa.text(OPEN)),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    slug: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    purpose: Mapped[str]
    state: Mapped[str]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    targets: Mapped[list["Target"]] = relationship(viewonly=True, lazy="raise", order_by="Target.id")
    asks: Mapped[list["Ask"]] = relationship(viewonly=True, lazy="raise", order_by="Ask.id")

    def open(self, at: datetime, today: date, *, published_pledge: bool, somebody_asked: bool) -> None:
        """Draft → open. Raises Over, NoPublishedPledge, NobodyAsked."""
        self.state = LIFECYCLE.step(self.state, CampaignState.OPEN)
        if self.ends_on is not None and self.ends_on < today:
            raise Over(ends_on=self.ends_on.isoformat())
        if not published_pledge:
            raise NoPublishedPledge
        if self.kind == CampaignKind.POLICY_ASK and not somebody_asked:
            raise NobodyAsked
        self.opened_at = at
        self._changed(at)

    def close(self, at: datetime) -> None:
        """Draft or open → closed."""
        self.state = LIFECYCLE.step(self.state, CampaignState.CLOSED)
        self.closed_at = at
        self._changed(at)

    def edit(self, at: datetime, *, targets: bool) -> None:
        """Note that it changed: its ``targets`` only while it is a draft. Raises NotADraft, Closed."""
        if targets and self.state != CampaignState.DRAFT:
            raise NotADraft(f"it is {self.state}", state=self.state)
        if self.state == CampaignState.CLOSED:
            raise Closed
        self._changed(at)

    def answered(self, at: datetime) -> None:
        """Note that somebody answered; that may be after it closed. Raises NotOpen."""
        if self.opened_at is None:
            raise NotOpen
        self._changed(at)

    def _changed(self, at: datetime) -> None:
        self.version += 1
        self.updated_at = at


class Target(Base):
    """How many of something a campaign sets out to reach, by a day where one is named."""

    __tablename__ = "campaign_targets"
    __table_args__ = (
        _of_campaign(),
        sa.CheckConstraint("number > 0", name="campaign_targets_are_something"),
        sa.Index("campaign_targets_by_campaign", "movement", "campaign", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    counts: Mapped[str]
    number: Mapped[int]
    by: Mapped[date | None] = mapped_column("by_day")


class Ask(Base):
    """Somebody who is asked to decide something, such as a council's cabinet, and what they answered.

    The decider is an office or a body, never a private person's name.
    """

    __tablename__ = "campaign_asks"
    __table_args__ = (
        _of_campaign(),
        of_organisation(),
        sa.Index("campaign_asks_by_campaign", "movement", "campaign", "id"),
    )

    movement: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    campaign: Mapped[str]
    decider: Mapped[str]
    organisation: Mapped[str | None]
    question: Mapped[str]
    answer: Mapped[str | None]
    answered_on: Mapped[date | None]
    said: Mapped[str | None]
