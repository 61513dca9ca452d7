"""What this service does when members tells that one organisation goes on in the place of another: it knows it.

By a consumer of its own, which reads the log from its beginning.
"""

from sqlalchemy.orm import Session

from services.grants.recipients import store
from shared.consumer import Handler
from shared.events.base import Event, Received
from shared.events.members.organisations import OrganisationReinstated, OrganisationSucceeded

CONSUMER = "grants_successions"


def on_succeeded(session: Session, received: Received, event: OrganisationSucceeded) -> None:
    """Know who goes on."""
    store.keep(session, received.movement, event.organisation, event.successor)


def on_reinstated(session: Session, received: Received, event: OrganisationReinstated) -> None:
    """Know that it is there after all."""
    store.forget(session, received.movement, event.organisation)


HANDLERS: dict[type[Event], Handler] = {OrganisationSucceeded: on_succeeded, OrganisationReinstated: on_reinstated}
