"""What this service makes of other services' events: time zones, what others erased, and what they stopped."""

from sqlalchemy.orm import Session

from services.members.life.themes import following as rounds
from services.members.movements import store as movements
from services.members.trust.erasures import domain as erasures
from services.members.trust.erasures.models import Refused
from services.members.trust.stops import domain as stops
from shared.consumer import Handler
from shared.events import gateway
from shared.events.base import Event, Received
from shared.events.gateway import MovementChanged, MovementCreated
from shared.events.grants import erasures as grants
from shared.events.grants.rounds import RoundClosed, RoundDrafted, RoundDropped, RoundOpened
from shared.events.measures import erasures as measures

CONSUMER = "members"


def on_movement_told(session: Session, received: Received, event: MovementCreated | MovementChanged) -> None:
    """Days are reckoned in that zone from now on. A movement's events come in order, so the last one holds."""
    movements.keep(session, event.movement, event.time_zone)


def on_access_ended(session: Session, received: Received, event: gateway.ErasureAccessEnded) -> None:
    """Nothing stands in the way of an erasure any more."""
    erasures.admit(session, received.movement, event.erasure)


def on_objected_to(session: Session, received: Received, event: gateway.ErasureObjectedTo) -> None:
    """Somebody cannot be erased as things stand."""
    erasures.object_to(session, received.movement, event.erasure, Refused(event.reason))


def on_receipt_given(
    session: Session,
    received: Received,
    event: gateway.ErasureReceiptGiven | measures.ErasureReceiptGiven | grants.ErasureReceiptGiven,
) -> None:
    """A service has erased what it kept of somebody."""
    erasures.answered(session, received.movement, event.erasure, received.service, event.records)


def on_stop_obeyed(session: Session, received: Received, event: gateway.StopObeyed) -> None:
    """No other organisation is told anything of whoever said stop."""
    stops.obeyed(session, received.movement, event.stop, received.service, event.ended)


def on_round_drafted(session: Session, received: Received, event: RoundDrafted) -> None:
    """Grants drafted the round that wishes had suggested."""
    rounds.drafted(session, received.movement, event.round, event.suggestion)


def on_round_opened(session: Session, received: Received, event: RoundOpened) -> None:
    """There is such a round: voices can be taken up by it, and the wishes that suggested it are."""
    rounds.opened(session, received.movement, event.round)


def on_round_over(session: Session, received: Received, event: RoundClosed | RoundDropped) -> None:
    """Wishes of later days may suggest another."""
    rounds.over(session, received.movement, event.round)


HANDLERS: dict[type[Event], Handler] = {
    MovementCreated: on_movement_told,
    MovementChanged: on_movement_told,
    gateway.ErasureAccessEnded: on_access_ended,
    gateway.ErasureObjectedTo: on_objected_to,
    gateway.ErasureReceiptGiven: on_receipt_given,
    measures.ErasureReceiptGiven: on_receipt_given,
    grants.ErasureReceiptGiven: on_receipt_given,
    gateway.StopObeyed: on_stop_obeyed,
    RoundDrafted: on_round_drafted,
    RoundOpened: on_round_opened,
    RoundClosed: on_round_over,
    RoundDropped: on_round_over,
}
