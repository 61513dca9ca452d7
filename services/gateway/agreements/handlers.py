"""Reactions to members' events: agreements, controllers, staff and stops, and with them what endpoints may be sent."""

from functools import partial

from sqlalchemy import orm

from services.gateway.agreements import employers, sharing, store
from services.gateway.agreements.models import ControllerTerm
from services.gateway.webhooks import queue, stopping
from services.gateway.webhooks.sender import Sender
from shared import outbox
from shared.consumer import Handler
from shared.db import after_commit
from shared.events.base import Event, Received
from shared.events.gateway import StopObeyed
from shared.events.members.agreements import AgreementChanged, AgreementSigned
from shared.events.members.controllers import ControllerChanged, ControllerNamed
from shared.events.members.merging import OrganisationMerged, OrganisationUnmerged, PersonMerged
from shared.events.members.organisations import AffiliationChanged
from shared.events.members.requests import ProcessingRestricted, RestrictionLifted
from shared.events.members.trust import PermissionEnded, PermissionGiven, PersonStopped
from shared.ids import new_id
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
        PersonStopped: partial(_on_stopped, sender),
        PermissionGiven: _on_given,
        PermissionEnded: partial(_on_given_up, sender),
        ProcessingRestricted: partial(_on_restricted, sender),
        RestrictionLifted: _on_lifted,
        OrganisationMerged: _on_organisation_merged,
        OrganisationUnmerged: _on_organisation_unmerged,
    }
    return Subscribed(CONSUMER, handlers, prompt=True)


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
    """The person has a place in the organisation, or had one."""
    employers.note(session, received.movement, event)


def _on_merged(session: orm.Session, received: Received, event: PersonMerged) -> None:
    """The person is another one's from now on."""
    employers.note_merged(session, received.movement, event.person, event.into)
    sharing.note_merged(session, received.movement, event.person, event.into)


def _on_stopped(sender: Sender, session: orm.Session, received: Received, event: PersonStopped) -> None:
    """Nothing of the person goes to another organisation any more, what waits to be sent neither; here is the proof."""
    sharing.note(session, received.movement, event.person)
    ended = queue.count_of_others(session, received.movement)
    outbox.record(session, StopObeyed(receipt=new_id("receipt"), stop=event.stop, ended=ended))
    after_commit(session, sender.recall)


def _on_given(session: orm.Session, received: Received, event: PermissionGiven) -> None:
    """The person lets their data be shared for a purpose, again."""
    if event.channel == sharing.SHARING:
        sharing.allow(session, received.movement, event.person, event.purpose)


def _on_given_up(sender: Sender, session: orm.Session, received: Received, event: PermissionEnded) -> None:
    """And no longer; what waits to be sent is looked at again."""
    if event.channel == sharing.SHARING:
        sharing.forbid(session, received.movement, event.person, event.purpose)
        after_commit(session, sender.recall)


def _on_restricted(sender: Sender, session: orm.Session, received: Received, event: ProcessingRestricted) -> None:
    """The person's data rests."""
    sharing.bar(session, received.movement, event.person, event.restriction)
    after_commit(session, sender.recall)


def _on_lifted(session: orm.Session, received: Received, event: RestrictionLifted) -> None:
    """It rests no longer, for this."""
    sharing.unbar(session, received.movement, event.person, event.restriction)


def _on_organisation_merged(session: orm.Session, received: Received, event: OrganisationMerged) -> None:
    """The organisation is another one from now on."""
    store.merge(session, received.movement, event.organisation, event.into)
    stopping.review(session, received.movement)


def _on_organisation_unmerged(session: orm.Session, received: Received, event: OrganisationUnmerged) -> None:
    """It is itself again."""
    store.unmerge(session, received.movement, event.organisation)
    stopping.review(session, received.movement)
