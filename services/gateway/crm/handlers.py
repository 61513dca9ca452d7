"""Reactions to members' events: of whom and of what the CRMs are to be told. What is told is asked for when it is."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import orm

from services.gateway.crm import queue
from services.gateway.crm.teller import Teller
from shared.db import after_commit
from shared.events.base import Received
from shared.parts import Subscribed

CONSUMER = "crm"
"""The consumer's name: its position and its inbox go by it."""

_ABOUT_PEOPLE = ("affiliation.", "membership.", "permission.", "person.", "preference.", "processing.")
_ABOUT_ORGANISATIONS = "organisation."
"""What the events begin with that change what is told of somebody or something, or whether it may be."""


class _AboutPerson(msgspec.Struct):
    person: str | None = None
    into: str | None = None


class _AboutOrganisation(msgspec.Struct):
    organisation: str
    into: str | None = None
    successor: str | None = None


def subscribed(teller: Teller) -> Subscribed:
    """The consumer that notes whom the CRMs are to be told of. The commit has them told."""

    def on_batch(session: orm.Session, received: Sequence[Received]) -> None:
        noted: dict[tuple[str, str | None], set[str]] = {}
        for event in received:
            if subjects := _subjects(event):
                noted.setdefault((event.movement, event.origin), set()).update(subjects)
        found = [
            queue.note(session, movement, subjects, origin)
            for (movement, origin), subjects in sorted(noted.items(), key=lambda each: (each[0][0], each[0][1] or ""))
        ]
        if any(found):
            after_commit(session, teller.wake)

    return Subscribed(CONSUMER, apply=on_batch, services=("members",))


def _subjects(event: Received) -> set[str]:
    """Whom or what an event is about that CRMs may have."""
    if event.type.startswith(_ABOUT_PEOPLE):
        person = msgspec.json.decode(event.payload, type=_AboutPerson)
        return {each for each in (person.person, person.into) if each is not None}
    if event.type.startswith(_ABOUT_ORGANISATIONS):
        organisation = msgspec.json.decode(event.payload, type=_AboutOrganisation)
        others = (organisation.into, organisation.successor)
        return {organisation.organisation, *(each for each in others if each is not None)}
    return set()
