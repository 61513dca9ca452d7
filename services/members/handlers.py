"""What this service makes of other services' events: the gateway owns the movements and tells their time zones."""

from sqlalchemy.orm import Session

from services.members.movements import store as movements
from shared.consumer import Handler
from shared.events.base import Event, Received
from shared.events.gateway import MovementChanged, MovementCreated

CONSUMER = "members"


def on_movement_told(session: Session, received: Received, event: MovementCreated | MovementChanged) -> None:
    """Days are reckoned in that zone from now on. A movement's events come in order, so the last one holds."""
    movements.keep(session, event.movement, event.time_zone)


HANDLERS: dict[type[Event], Handler] = {
    MovementCreated: on_movement_told,
    MovementChanged: on_movement_told,
}
