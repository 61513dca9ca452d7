"""What a service does when members and the gateway tell of organisations and movements: it keeps them."""

from sqlalchemy.orm import Session

from shared.consumer import Handler
from shared.events.base import Event, Received
from shared.events.gateway import MovementChanged, MovementCreated
from shared.events.members.merging import OrganisationMerged, OrganisationUnmerged
from shared.events.members.organisations import OrganisationCreated, OrganisationEnded, OrganisationReinstated
from shared.partners import store


def on_movement(session: Session, received: Received, event: MovementCreated | MovementChanged) -> None:
    """Keep the movement's time zone."""
    store.keep_zone(session, event.movement, event.time_zone)


def on_organisation_created(session: Session, received: Received, event: OrganisationCreated) -> None:
    """Know the organisation."""
    store.keep(session, received.movement, event.organisation)


def on_organisation_ended(session: Session, received: Received, event: OrganisationEnded) -> None:
    """Know that it is no more."""
    store.keep(session, received.movement, event.organisation, over=True)


def on_organisation_reinstated(session: Session, received: Received, event: OrganisationReinstated) -> None:
    """Know that it is there after all."""
    store.keep(session, received.movement, event.organisation, over=False)


def on_organisation_merged(session: Session, received: Received, event: OrganisationMerged) -> None:
    """Have the other one answer for it."""
    store.keep(session, received.movement, event.organisation, into=event.into)


def on_organisation_unmerged(session: Session, received: Received, event: OrganisationUnmerged) -> None:
    """Have it answer for itself again."""
    store.keep(session, received.movement, event.organisation, into=None)


HANDLERS: dict[type[Event], Handler] = {
    MovementCreated: on_movement,
    MovementChanged: on_movement,
    OrganisationCreated: on_organisation_created,
    OrganisationEnded: on_organisation_ended,
    OrganisationReinstated: on_organisation_reinstated,
    OrganisationMerged: on_organisation_merged,
    OrganisationUnmerged: on_organisation_unmerged,
}
