"""What this service does when measures tells that a version was published, or taken out of the commons: it knows it.

By a consumer of its own, which reads the log from its beginning: so what was published before grants listened is known.
"""

from sqlalchemy.orm import Session

from services.grants.measures import store
from shared.consumer import Handler
from shared.events.base import Event, Received
from shared.events.measures.definitions import MeasureVersionPublished, MeasureVersionTaken

CONSUMER = "grants_measures"


def on_version(session: Session, received: Received, event: MeasureVersionPublished | MeasureVersionTaken) -> None:
    """Know that figures can be reported against it."""
    store.keep(session, received.movement, event.version)


HANDLERS: dict[type[Event], Handler] = {MeasureVersionPublished: on_version, MeasureVersionTaken: on_version}
