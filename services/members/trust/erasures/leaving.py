"""What somebody leaves behind in others' affairs, settled by the verbs of those affairs before their rows go.

A place that they had booked is somebody else's, and what they offered is on offer no more. And what is derived from
texts follows the texts.
"""

from collections.abc import Callable, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.community.assets import domain as assets
from services.members.community.assets.models import Asset, AssetState
from services.members.community.knowledge import domain as knowledge
from services.members.directory.people import names
from services.members.directory.people import store as people
from services.members.directory.search import store as search
from services.members.engagement.gatherings.bookings import domain as bookings
from services.members.engagement.gatherings.bookings.models import Booking
from services.members.engagement.gatherings.bookings.models import State as BookingState
from services.members.engagement.ladder import guard
from services.members.engagement.ladder.models import Reason
from services.members.life.exchange import ending as exchange
from shared.erasure.marks import Marks
from shared.erasure.sweep import Key


def take_leave(session: Session, movement: str, ids: Sequence[str]) -> None:
    """Settle what others would miss. A second time there is nothing left to settle."""
    if people.known(session, movement, ids[:1]):
        guard.exclude(session, movement, ids[0], Reason.OBJECTED)
    booked = sa.select(Booking.id).where(
        Booking.movement == movement, Booking.person.in_(ids), Booking.state != BookingState.CANCELLED
    )
    for booking in session.scalars(booked).all():
        bookings.cancel(session, movement, booking, None)
    exchange.withdraw_all_of(session, movement, ids)
    session.execute(
        sa.update(Asset).where(Asset.movement == movement, Asset.person.in_(ids)).values(state=AssetState.ARCHIVED)
    )


def forget_words(session: Session, movement: str, marks: Marks) -> None:
    """Forget the words of their names that nobody is called any more: a rare name tells that somebody was here."""
    search.forget(session, movement, names.words(" ".join((*marks.phrases, *marks.words))))


def derive_again(session: Session, movement: str, table: str, key: Key) -> None:
    """Let what is found by the words of a text be found by those that it has now."""
    again = _DERIVED.get(table)
    if again is not None:
        again(session, movement, key)


_DERIVED: Mapping[str, Callable[[Session, str, Key], None]] = {
    "assets": lambda session, movement, key: assets.reindex(session, movement, str(key["id"])),
    "knowledge_texts": lambda session, movement, key: knowledge.reindex(session, movement, str(key["item"])),
}
