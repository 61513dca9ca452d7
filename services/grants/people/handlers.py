"""What this service does when members tells that two records are of one person: it keeps which id answers."""

from sqlalchemy.orm import Session

from services.grants.people import store
from shared.consumer import Handler
from shared.events.base import Event, Received
from shared.events.members.merging import PersonMerged, PersonUnmerged


def on_person_merged(session: Session, received: Received, event: PersonMerged) -> None:
    """Have the other one answer for them."""
    store.keep(session, received.movement, event.person, event.into)


def on_person_unmerged(session: Session, received: Received, event: PersonUnmerged) -> None:
    """Have them answer for themselves again."""
    store.remove(session, received.movement, event.person)


HANDLERS: dict[type[Event], Handler] = {PersonMerged: on_person_merged, PersonUnmerged: on_person_unmerged}
