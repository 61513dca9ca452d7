"""What becomes of an organisation's open asks and offers when it ends: another takes them on, or they are withdrawn.

And how they come back where that is undone.
"""

from sqlalchemy.orm import Session

from services.members.life.exchange import ending, store
from services.members.life.exchange.models import ListingState
from shared import clock


def pass_on(session: Session, movement: str, organisation: str, to: str | None) -> list[str]:
    """Let another organisation take on every ask and offer that is open or matched, or (None) withdraw each; their ids.

    A match that would then be of the taker with itself falls through.
    """
    passed = store.live_of_organisation(session, movement, organisation)
    for listing in passed:
        if to is None:
            ending.withdraw(session, movement, listing)
            continue
        listing.organisation = to
        listing.changed(clock.now())
    session.flush()
    if to is not None:
        ending.part_from_itself(session, movement, to)
    return [listing.id for listing in passed]


def come_back(session: Session, movement: str, listing: str, organisation: str, taker: str | None) -> None:
    """Undo `pass_on` for one ask or offer, where nothing has become of it since."""
    row = store.for_change(session, movement, [listing]).get(listing)
    if row is None:
        return
    if taker is not None and row.organisation == taker and row.state in (ListingState.OPEN, ListingState.MATCHED):
        row.organisation = organisation
        row.changed(clock.now())
    elif taker is None and row.organisation == organisation and row.state == ListingState.WITHDRAWN:
        row.step(ListingState.OPEN, clock.now())
        ending.tell_open(session, row)
