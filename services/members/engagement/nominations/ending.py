"""How nominations end without anybody's word, and how they outlive whoever gave them."""

from sqlalchemy.orm import Session

from services.members.engagement.nominations import store
from shared import clock, outbox
from shared.events.members.nominations import NominationWithdrawn


def end_all_for(session: Session, movement: str, nominee: str) -> None:
    """Withdraw every live nomination of somebody who is to have none: a child, a resident, a connector's client."""
    at = clock.now()
    for nomination in store.live_of(session, movement, nominee, locked=True):
        nomination.withdraw(at)
        outbox.record(session, NominationWithdrawn(nomination=nomination.id, nominee=nominee))


def forget_giver(session: Session, movement: str, giver: str) -> None:
    """Keep what somebody affirmed once they leave or are erased, and not that it was they, nor in what words."""
    at = clock.now()
    for nomination in store.given_by(session, movement, giver):
        nomination.forget_giver(at)
