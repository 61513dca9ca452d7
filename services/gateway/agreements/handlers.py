"""Reactions to members' events: what agreements say and who controls what, and with it what endpoints may be sent."""

from functools import partial

from sqlalchemy import orm

from services.gateway.agreements import employers, store
from services.gateway.agreements.models import ControllerTerm
from services.gateway.webhooks import stopping
from services.gateway.webhooks.sender import Sender
from shared.consumer import Handler
from shared.db import after_commit
from shared.events.base import Event, Received
from shared.events.members.agreements import AgreementChanged, AgreementSigned
from shared.events.members.controllers import ControllerChanged, ControllerNamed
from shared.events.members.merging import OrganisationMerged, OrganisationUnmerged, PersonMerged
from shared.events.members.organisations import AffiliationChanged
from shared.parts import Subscribed

CONSUMER = "agreements"
"""The consumer's name: its position and its inbox go by it."""


def subscribed(sender: Sender) -> Subscribed:
    """The consumer that keeps the projection. The commit has the sender look again at whom it may send to."""
    handlers: dict[type[Event], Handler] = {
        AgreementSigned: partial(_on_agreement, sender),
        AgreementChanged: partial(_on_agreement, sender),
        ControllerNamed: partial(_on_controller, sender),
        ControllerChanged: partial(_on_controller, sender),
        AffiliationChanged: _on_affiliation,
        PersonMerged: _on_merged,
        OrganisationMerged: _on_organisation_merged,
        OrganisationUnmerged: _on_organisation_unmerged,
    }
    return Subscribed(CONSUMER, handlers)


def _on_agreement(
    sender: Sender, session: orm.Session, received: Received, event: AgreementSigned | AgreementChanged
) -> None:
    """The agreement says this from now on."""
    dates = {"starts_on": event.starts_on, "expires_on": event.expires_on}
    terms = [
        {"organisation": party, "data_class": data_class, "purpose": purpose, **dates}
        for party in event.parties
        for data_class in event.data_classes
        for purpose in event.purposes
    ]
    store.put_terms(session, received.movement, event.agreement, terms)
    stopping.review(session, received.movement)
    after_commit(session, sender.wake)


def _on_controller(
    sender: Sender, session: orm.Session, received: Received, event: ControllerNamed | ControllerChanged
) -> None:
    """The organisation is the controller of a record kind; of a programme or a fund it is nothing to us."""
    if event.of_kind == "record_kind":
        row = ControllerTerm(
            movement=received.movement, id=event.controller, organisation=event.organisation,
            data_class=event.of, starts_on=event.starts_on, ended_on=event.ended_on,
        )  # fmt: skip
        store.put_controller(session, row)
        stopping.review(session, received.movement)
        after_commit(session, sender.wake)


def _on_affiliation(session: orm.Session, received: Received, event: AffiliationChanged) -> None:
    """The person has, or had, a place in the organisation."""
    employers.note(session, received.movement, event.organisation, event.person)


def _on_merged(session: orm.Session, received: Received, event: PersonMerged) -> None:
    """The person is another one's from now on."""
    employers.note_merged(session, received.movement, event.person, event.into)


def _on_organisation_merged(session: orm.Session, received: Received, event: OrganisationMerged) -> None:
    """The organisation is another one from now on."""
    store.merge(session, received.movement, event.organisation, event.into)
    stopping.review(session, received.movement)


def _on_organisation_unmerged(session: orm.Session, received: Received, event: OrganisationUnmerged) -> None:
    """It is itself again."""
    store.unmerge(session, received.movement, event.organisation)
    stopping.review(session, received.movement)
