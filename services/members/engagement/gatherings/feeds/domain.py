"""The addresses of calendars, made and revoked; and what each of the feeds holds."""

import hashlib
import hmac
import secrets as random
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from services.members.directory.people import store as people
from services.members.engagement.gatherings import store as gatherings
from services.members.engagement.gatherings.bookings import store as bookings
from services.members.engagement.gatherings.bookings.models import State as BookingState
from services.members.engagement.gatherings.feeds import calendars, store
from services.members.engagement.gatherings.feeds.models import CalendarFeed
from services.members.engagement.gatherings.feeds.schemas import NewCalendar
from services.members.engagement.gatherings.feeds.store import Listed
from services.members.engagement.gatherings.fields import present_people
from services.members.engagement.gatherings.models import State
from services.members.engagement.gatherings.slots import domain as slots
from services.members.trust.employers.store import refuse_own_staff
from services.members.trust.permissions.domain import permitted
from services.members.trust.permissions.models import Channel
from services.members.trust.purposes.standard import GATHERINGS
from services.members.trust.safeguarding.protected.store import is_protected
from shared import clock
from shared.errors import NotFound
from shared.ids import new_id

_PAST = timedelta(days=90)
"""How far back a calendar goes: what was cancelled lately still tells so."""


def new_secret() -> str:
    """A secret for an address: 256 bits."""
    return random.token_urlsafe(32)


def add_calendar(session: Session, movement: str, said: NewCalendar, secret: str, pepper: bytes) -> CalendarFeed:
    """Make an address of a calendar. Of its secret only a digest is stored. Raises Invalid for an unknown person."""
    person = present_people(session, movement, {"/person": said.person}).get("/person")
    calendar = CalendarFeed(
        movement=movement, id=new_id("calendar"), digest=_digest(secret, pepper), label=said.label, person=person,
        created_at=clock.now(), revoked_at=None,
    )  # fmt: skip
    store.add_calendar(session, calendar)
    return calendar


def revoke_calendar(session: Session, movement: str, calendar: str) -> CalendarFeed:
    """Let an address lead nowhere from now on. Once more changes nothing. Raises NotFound."""
    found = store.find_calendar(session, movement, calendar)
    if found is None:
        raise NotFound
    found.revoked_at = found.revoked_at or clock.now()
    return found


def revoke_all_of(session: Session, movement: str, person: str) -> int:
    """Let every address of a person's own calendar lead nowhere from now on; how many there were."""
    theirs = store.calendars_of(session, movement, person)
    for each in theirs:
        each.revoked_at = clock.now()
    return len(theirs)


def calendar(session: Session, movement: str, secret: str, pepper: bytes, name: str) -> bytes:
    """The calendar at an address. Raises NotFound where there is none, it was revoked, or nobody is to know whose it
    is: a calendar says where somebody will be."""
    found = store.calendar_by_digest(session, movement, _digest(secret, pepper))
    if found is None:
        raise NotFound
    since = clock.now() - _PAST
    if found.person is None:
        return calendars.document(store.published_slots(session, movement, since), name)
    person = people.present_id(session, movement, found.person)
    if not permitted(session, movement, person, GATHERINGS, Channel.SHARING, clock.now()):
        raise NotFound
    return calendars.document(store.booked_slots(session, movement, person, since), name, joinable=True)


def calendar_of_slot(session: Session, movement: str, gathering: str, slot: str) -> bytes:
    """One slot of a gathering that was published, as a calendar. Raises NotFound."""
    found = slots.read(session, movement, gathering, slot)
    held = gatherings.find(session, movement, gathering)
    if held is None or held.state == State.DRAFT:
        raise NotFound
    return calendars.document([(found, held)], held.title)


def calendar_of_booking(session: Session, movement: str, booking: str) -> bytes:
    """What somebody has a place in, as a calendar, with where to join online. Raises NotFound and OwnStaff."""
    found = bookings.find(session, movement, booking)
    if found is None or found.state != BookingState.BOOKED or is_protected(session, movement, found.person):
        raise NotFound
    refuse_own_staff(session, movement, found.person)
    slot = slots.read(session, movement, found.gathering, found.slot)
    held = gatherings.find(session, movement, found.gathering)
    if held is None:
        raise NotFound
    return calendars.document([(slot, held)], held.title, joinable=True)


def sessions(session: Session, movement: str, behind: tuple[int, str], limit: int) -> Sequence[Listed]:
    """The items of the open feed behind a place in it."""
    return store.sessions_after(session, movement, *behind, limit)


def _digest(secret: str, pepper: bytes) -> bytes:
    return hmac.digest(pepper, b"calendar\n" + secret.encode(), hashlib.sha256)
