"""What becomes of an organisation's open pledges when it ends: another takes them on, or it is freed from them."""

from datetime import date

from sqlalchemy.orm import Session

from services.members.engagement.pledges import store
from shared import clock, outbox
from shared.db.session import of
from shared.events.members.pledges import OrganisationPledged, PledgeReleased, PledgeUnpublished


def pass_on(session: Session, movement: str, organisation: str, to: str | None, on: date) -> int:
    """Let another organisation take on every open pledge, or (None) release each on a day; how many there were.

    One that was shown openly is not any more: the permission was for the name of the organisation that has ended.
    """
    at, pledges = clock.now(), store.open_of(session, movement, organisation)
    for pledge in pledges:
        if to is None:
            pledge.release(on, of(session).context.actor, at, None)
            outbox.record(session, PledgeReleased(giver=organisation, pledge=pledge.id, campaign=pledge.campaign))
            continue
        if pledge.published_at is not None:
            pledge.unpublish(at)
            outbox.record(session, PledgeUnpublished(giver=organisation, pledge=pledge.id, campaign=pledge.campaign))
        pledge.take_on(to, at)
        outbox.record(session, OrganisationPledged(organisation=to, pledge=pledge.id, campaign=pledge.campaign))
    return len(pledges)
