"""Reactions to members' events: which people have become one, so that whoever leaves leaves with every account."""

from sqlalchemy import orm

from services.gateway.access.users import store
from shared.consumer import Handler
from shared.events.base import Event, Received
from shared.events.members.merging import PersonMerged, PersonUnmerged

CONSUMER = "access"
"""The consumer's name: its position and its inbox go by it."""


def on_person_merged(session: orm.Session, received: Received, event: PersonMerged) -> None:
    """The id answers for another person from now on."""
    store.merge_person(session, received.movement, event.person, event.into)


def on_person_unmerged(session: orm.Session, received: Received, event: PersonUnmerged) -> None:
    """The id answers for itself again."""
    store.unmerge_person(session, received.movement, event.person)


HANDLERS: dict[type[Event], Handler] = {PersonMerged: on_person_merged, PersonUnmerged: on_person_unmerged}
