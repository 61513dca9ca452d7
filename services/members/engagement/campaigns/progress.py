"""How far a campaign is: what its pledges come to, to this moment and by the day of each target."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services.members import days
from services.members.engagement.campaigns import store
from services.members.engagement.campaigns.models import Campaign, Counted, Target
from shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class Reached:
    """A target, what counts towards it, and the days until its own; those are negative once it has passed."""

    target: Target
    so_far: int
    days_left: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """A campaign, what can be counted of it now, and how far each of its targets is."""

    campaign: Campaign
    today: Mapping[Counted, int]
    reached: Sequence[Reached]


def progress(session: Session, movement: str, id: str) -> Progress:
    """How far a campaign is. A target's day ends at midnight where the movement is. Raises NotFound."""
    campaign = store.find(session, movement, id)
    if campaign is None:
        raise NotFound
    today = days.today(session, movement)
    now = store.reached(session, movement, campaign, None)
    reached = []
    for target in campaign.targets:
        if target.by is None:
            reached.append(Reached(target, now[Counted(target.counts)], None))
            continue
        midnight = datetime.combine(target.by + timedelta(days=1), time(), ZoneInfo(days.zone(session, movement)))
        counted = now if target.by >= today else store.reached(session, movement, campaign, midnight)
        reached.append(Reached(target, counted[Counted(target.counts)], (target.by - today).days))
    return Progress(campaign, now, reached)
