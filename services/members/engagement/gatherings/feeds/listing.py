"""What the open feed lists: the slots of public gatherings, from their publication on.

What is no longer shown stays as a tombstone, so that whoever follows the feed lets go of it.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.members.engagement.gatherings.feeds import store
from services.members.engagement.gatherings.models import Audience, Gathering, State
from shared import clock


def relist(session: Session, gathering: Gathering) -> None:
    """List a gathering's slots anew, for something about it or about them has changed.

    One that is cancelled stays listed, as cancelled, where it was listed before.
    """
    if gathering.state == State.DRAFT:
        return
    movement = gathering.movement
    known = store.listed(session, movement, gathering.id)
    if gathering.audience == Audience.PUBLIC:
        slots = store.slots_of(session, movement, gathering.id)
        shown = [slot for slot in slots if gathering.state != State.CANCELLED or slot in known]
        store.list_anew(session, movement, clock.milliseconds(), shown, live=True)
    else:
        gone = [slot for slot, live in known.items() if live]
        store.list_anew(session, movement, clock.milliseconds(), gone, live=False)


def relist_slots(session: Session, gathering: Gathering, slots: Sequence[str]) -> None:
    """List some slots of a gathering anew."""
    if gathering.audience == Audience.PUBLIC and gathering.state in (State.PUBLISHED, State.HELD):
        store.list_anew(session, gathering.movement, clock.milliseconds(), slots, live=True)
