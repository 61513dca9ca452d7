"""How pledges stop being shown openly without anybody's word."""

from sqlalchemy.orm import Session

from services.members.engagement.pledges import store
from services.members.engagement.pledges.models import Pledge
from shared import clock, outbox
from shared.events.members.pledges import PledgeUnpublished


def hide_all_of(session: Session, movement: str, person: str) -> int:
    """Show nothing openly of what somebody pledged: they said stop, or are a child, a resident or a connector's client.

    Answers how many pledges that were.
    """
    published = store.published_of(session, movement, person)
    for pledge in published:
        hide(session, pledge)
    return len(published)


def hide(session: Session, pledge: Pledge) -> None:
    """Show a pledge to nobody outside any more, and say so. Raises NotPublished."""
    pledge.unpublish(clock.now())
    outbox.record(session, PledgeUnpublished(giver=pledge.giver, pledge=pledge.id, campaign=pledge.campaign))
