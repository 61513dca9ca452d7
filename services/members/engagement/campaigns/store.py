"""Every SQL statement about campaigns."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, selectinload

from services.members.base import After, page
from services.members.engagement.campaigns.models import (
    OPEN,
    Ask,
    Campaign,
    CampaignKind,
    CampaignState,
    Counted,
    Target,
)
from services.members.engagement.commitments.models import Commitment
from services.members.engagement.pledges.models import Pledge, PledgeState
from shared import clock
from shared.db.session import of

_shown = sa.select(Campaign).options(selectinload(Campaign.targets), selectinload(Campaign.asks))


def enter(session: Session, movement: str, **values: object) -> bool:
    """Enter a campaign; False where the movement has one with that slug. Of two at once the second waits."""
    insert = postgresql.insert if of(session).dialect.name == "postgresql" else sqlite.insert
    entered = insert(Campaign).values(movement=movement, **values).on_conflict_do_nothing().returning(Campaign.id)
    return session.execute(entered).first() is not None


def find(session: Session, movement: str, campaign: str) -> Campaign | None:
    """One campaign, with its targets and asks as they are stored now."""
    query = _shown.where(Campaign.movement == movement, Campaign.id == campaign)
    return session.scalar(query.execution_options(populate_existing=True))


def for_change(session: Session, movement: str, campaign: str) -> Campaign | None:
    """One campaign, locked until the transaction ends."""
    return session.get(Campaign, (movement, campaign), with_for_update=True)


def list_campaigns(
    session: Session,
    movement: str,
    *,
    slug: str | None,
    kind: CampaignKind | None,
    state: CampaignState | None,
    updated_since: datetime | None,
    after: After,
    limit: int,
) -> Sequence[Campaign]:
    """Campaigns in the order in which they were begun, those after ``after`` first."""
    query = _shown.where(Campaign.movement == movement)
    for column, wanted in ((Campaign.slug, slug), (Campaign.kind, kind), (Campaign.state, state)):
        if wanted is not None:
            query = query.where(column == wanted)
    if updated_since is not None:
        query = query.where(Campaign.updated_at >= updated_since)
    return session.scalars(page(query, Campaign.id, after, limit)).all()


def movements_with_past(session: Session, before: date) -> Sequence[str]:
    """The movements with an open campaign whose last day is before that one."""
    query = sa.select(Campaign.movement).where(sa.text(OPEN), Campaign.ends_on < before)
    return session.scalars(query.distinct()).all()


def past(session: Session, movement: str, today: date, limit: int) -> Sequence[Campaign]:
    """Open campaigns whose last day has passed, locked; those that another process has are left to it."""
    query = sa.select(Campaign).where(Campaign.movement == movement, sa.text(OPEN), Campaign.ends_on < today)
    return session.scalars(query.order_by(Campaign.ends_on).limit(limit).with_for_update(skip_locked=True)).all()


def replace_targets(session: Session, movement: str, campaign: str, targets: Sequence[Target]) -> None:
    """Let a campaign have these targets in place of those that it has."""
    session.execute(sa.delete(Target).where(Target.movement == movement, Target.campaign == campaign))
    session.add_all(targets)
    session.flush()


def asks_anybody(session: Session, movement: str, campaign: str) -> bool:
    """Whether the campaign says who is asked to decide."""
    query = sa.select(Ask.id).where(Ask.movement == movement, Ask.campaign == campaign)
    return session.scalar(query.limit(1)) is not None


def ask_for_change(session: Session, movement: str, campaign: str, ask: str) -> Ask | None:
    """One ask of a campaign, locked until the transaction ends."""
    found = session.get(Ask, (movement, ask), with_for_update=True)
    return found if found is not None and found.campaign == campaign else None


def reached(session: Session, movement: str, campaign: Campaign, until: datetime | None) -> Mapping[Counted, int]:
    """How many there are of each that a target can count, of what was made before ``until`` (None: to this moment).

    Released pledges do not count, and commitments count once they are made.
    """
    until = until or clock.now() + timedelta(days=1)
    published, kept = Pledge.published_at < until, (Pledge.state == PledgeState.KEPT) & (Pledge.settled_at < until)
    committed = sa.select(sa.func.count()).where(
        Commitment.movement == movement, Commitment.campaign == campaign.id, Commitment.made_at < until
    )
    row = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.count(sa.case((published, 1))),
            sa.func.count(sa.case((kept, 1))),
            sa.func.count(Pledge.person.distinct()),
            sa.func.count(Pledge.organisation.distinct()),
            committed.scalar_subquery(),
        ).where(
            Pledge.movement == movement,
            Pledge.campaign == campaign.slug,
            Pledge.state != PledgeState.RELEASED,
            Pledge.made_at < until,
        )
    ).one()
    return dict(zip(Counted, row, strict=True))
