"""What becomes of an organisation's open pledges when it ends: another takes them on, or it is freed from them.

And how they come back where that is undone.
"""

from datetime import date

from sqlalchemy.orm import Session

from services.members.engagement.pledges import store
from services.members.engagement.pledges.models import PledgeState
from shared import clock, outbox
from shared.db.session import of
from shared.events.members.pledges import PledgePassedOn, PledgeReleased, PledgeStandsAgain, PledgeUnpublished


def pass_on(session: Session, movement: str, organisation: str, to: str | None, on: date) -> list[str]:
    """Let another organisation take on every open pledge, or (None) release each on a day; their ids.

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
        outbox.record(session, PledgePassedOn(giver=to, pledge=pledge.id, before=organisation))
    return [pledge.id for pledge in pledges]


def come_back(session: Session, movement: str, pledge: str, organisation: str, taker: str | None, on: date) -> None:
    """Undo `pass_on` for one pledge, where nothing has become of it since. It stays unpublished."""
    row, at = store.for_change(session, movement, pledge), clock.now()
    if row is None:
        return
    if taker is not None and row.organisation == taker and row.state in (PledgeState.MADE, PledgeState.OVERDUE):
        row.take_on(organisation, at)
        outbox.record(session, PledgePassedOn(giver=organisation, pledge=pledge, before=taker))
    elif taker is None and row.state == PledgeState.RELEASED and row.settled_on == on:
        row.stand_again(at)
        outbox.record(session, PledgeStandsAgain(giver=row.giver, pledge=pledge))
