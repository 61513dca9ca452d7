"""Reactions to members' events: of whom the CRMs are to be told. What is told is asked for when it is."""

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

_ABOUT_PEOPLE = ("membership.", "permission.", "person.", "preference.", "processing.")
"""What the events begin with that change what is told of somebody, or whether it may be."""


class _About(msgspec.Struct):
    person: str | None = None
    into: str | None = None


def subscribed(teller: Teller) -> Subscribed:
    """The consumer that notes whom the CRMs are to be told of. The commit has them told."""

    def on_batch(session: orm.Session, received: Sequence[Received]) -> None:
        noted: dict[tuple[str, str | None], set[str]] = {}
        for event in received:
            if event.type.startswith(_ABOUT_PEOPLE):
                about = msgspec.json.decode(event.payload, type=_About)
                people = {person for person in (about.person, about.into) if person is not None}
                noted.setdefault((event.movement, event.origin), set()).update(people)
        found = [
            queue.note(session, movement, people, origin)
            for (movement, origin), people in sorted(noted.items(), key=lambda each: (each[0][0], each[0][1] or ""))
        ]
        if any(found):
            after_commit(session, teller.wake)

    return Subscribed(CONSUMER, apply=on_batch, services=("members",))
