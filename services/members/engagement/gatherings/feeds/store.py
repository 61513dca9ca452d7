"""Every SQL statement about the feeds."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from services.members.base import After, page
from services.members.directory.organisations.models import Organisation
from services.members.engagement.gatherings.bookings.models import Booking
from services.members.engagement.gatherings.bookings.models import State as BookingState
from services.members.engagement.gatherings.feeds.models import CalendarFeed, ListedSession
from services.members.engagement.gatherings.models import Gathering, State
from services.members.engagement.gatherings.slots.models import Slot
from shared.db.hot import Value, hot

_DRAFTS = State.DRAFT.value
# The row stays locked until the transaction ends: the next one is numbered behind it, and commits behind it.
_take = hot(
    sa.text(
        "INSERT INTO listing_heads (movement, modified) VALUES (:movement, :now)"
        " ON CONFLICT (movement) DO UPDATE SET modified ="
        " CASE WHEN listing_heads.modified + :count > :now THEN listing_heads.modified + :count ELSE :now END"
        " RETURNING modified"
    )
)
_list = hot(
    sa.text(
        "INSERT INTO listed_sessions (movement, slot, modified, live) VALUES (:movement, :slot, :modified, :live)"
        " ON CONFLICT (movement, slot) DO UPDATE SET modified = excluded.modified, live = excluded.live"
    )
)


class Listed(NamedTuple):
    """An item of the open feed; only its id and where it stands are left of one that is no longer live."""

    session: ListedSession
    slot: Slot
    gathering: Gathering
    organisation: str | None


def listed(session: Session, movement: str, gathering: str) -> Mapping[str, bool]:
    """Each slot of a gathering that the open feed has ever listed, and whether it still does."""
    query = (
        sa.select(ListedSession.slot, ListedSession.live)
        .join(Slot, (Slot.movement == ListedSession.movement) & (Slot.id == ListedSession.slot))
        .where(ListedSession.movement == movement, Slot.gathering == gathering)
    )
    return {row.slot: row.live for row in session.execute(query)}


def slots_of(session: Session, movement: str, gathering: str) -> Sequence[str]:
    """The ids of a gathering's slots."""
    query = sa.select(Slot.id).where(Slot.movement == movement, Slot.gathering == gathering)
    return session.scalars(query.order_by(Slot.starts_at, Slot.id)).all()


def list_anew(session: Session, movement: str, now: int, slots: Collection[str], *, live: bool) -> None:
    """Put slots at the end of the open feed, each with a place of its own."""
    if not slots:
        return
    row = _take.one(session, {"movement": movement, "now": now, "count": len(slots)})
    first = (now if row is None else int(row[0])) - len(slots) + 1
    rows: list[Mapping[str, Value]] = [
        {"movement": movement, "slot": slot, "modified": first + number, "live": live}
        for number, slot in enumerate(slots)
    ]
    _list.many(session, rows)


def sessions_after(session: Session, movement: str, modified: int, slot: str, limit: int) -> Sequence[Listed]:
    """The items of the open feed behind a place in it, in the order of (modified, id)."""
    behind = (ListedSession.modified > modified) | ((ListedSession.modified == modified) & (ListedSession.slot > slot))
    query = (
        sa.select(ListedSession, Slot, Gathering, Organisation.name)
        .join(Slot, (Slot.movement == ListedSession.movement) & (Slot.id == ListedSession.slot))
        .join(Gathering, (Gathering.movement == Slot.movement) & (Gathering.id == Slot.gathering))
        .outerjoin(
            Organisation,
            (Organisation.movement == Gathering.movement) & (Organisation.id == Gathering.organisation),
        )
        .where(ListedSession.movement == movement, behind)
    )
    ordered = query.order_by(ListedSession.modified, ListedSession.slot).limit(limit)
    return [Listed(item, of_slot, gathering, name) for item, of_slot, gathering, name in session.execute(ordered)]


def add_calendar(session: Session, calendar: CalendarFeed) -> None:
    """Insert an address of a calendar."""
    session.add(calendar)
    session.flush()


def find_calendar(session: Session, movement: str, calendar: str) -> CalendarFeed | None:
    """One address of a calendar."""
    return session.get(CalendarFeed, (movement, calendar))


def calendar_by_digest(session: Session, movement: str, digest: bytes) -> CalendarFeed | None:
    """The address with this secret, unless it was revoked."""
    query = sa.select(CalendarFeed).where(
        CalendarFeed.movement == movement, CalendarFeed.digest == digest, CalendarFeed.revoked_at.is_(None)
    )
    return session.scalar(query)


def calendars_of(session: Session, movement: str, person: str) -> Sequence[CalendarFeed]:
    """The addresses of a person's own calendar that lead somewhere, locked."""
    query = sa.select(CalendarFeed).where(CalendarFeed.movement == movement, CalendarFeed.person == person)
    return session.scalars(query.where(CalendarFeed.revoked_at.is_(None)).with_for_update()).all()


def list_calendars(session: Session, movement: str, *, after: After, limit: int) -> Sequence[CalendarFeed]:
    """The addresses of calendars, in the order in which they were made."""
    query = sa.select(CalendarFeed).where(CalendarFeed.movement == movement)
    return session.scalars(page(query, CalendarFeed.id, after, limit)).all()


def published_slots(session: Session, movement: str, since: datetime) -> Sequence[tuple[Slot, Gathering]]:
    """The slots of all that was published and that end behind a moment, the earliest first."""
    query = _slots(movement).where(Gathering.state != _DRAFTS, Slot.ends_at >= since)
    return [(slot, gathering) for slot, gathering in session.execute(query)]


def booked_slots(session: Session, movement: str, person: str, since: datetime) -> Sequence[tuple[Slot, Gathering]]:
    """The slots that a person has a place in and that end behind a moment, the earliest first."""
    booked = sa.select(Booking.slot).where(
        Booking.movement == movement, Booking.person == person, Booking.state == BookingState.BOOKED
    )
    query = _slots(movement).where(Slot.id.in_(booked), Slot.ends_at >= since)
    return [(slot, gathering) for slot, gathering in session.execute(query)]


def _slots(movement: str) -> sa.Select[*tuple[Slot, Gathering]]:
    joined = sa.select(Slot, Gathering).join(
        Gathering, (Gathering.movement == Slot.movement) & (Gathering.id == Slot.gathering)
    )
    return joined.where(Slot.movement == movement).order_by(Slot.starts_at, Slot.id)
