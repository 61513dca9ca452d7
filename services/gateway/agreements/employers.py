"""What no employer is sent: events of whether its own staff came, what they did or answered, for ids lead to names.

Who has a place in which organisation, and until when, is what members has told. Which is a part of which is not told:
here whoever has a place today in the organisation itself is its staff.
"""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.access.rows import insert_if_new
from services.gateway.agreements import store
from services.gateway.agreements.models import StaffMember
from services.gateway.feed.cloudevents import Item
from shared import clock
from shared.events.members.organisations import AffiliationChanged

_TELLS = ("activity.", "attendance.", "booking.", "membership.rung_", "next_ask.", "rung_confirmation.")
"""What the events begin with that say of a person whether they came, what they did or what they answered."""


class _About(msgspec.Struct):
    person: str | None = None


def note(session: orm.Session, movement: str, place: AffiliationChanged) -> None:
    """Somebody has a place in an organisation, until a day; whoever they were merged with has it too."""
    this = (StaffMember.movement == movement, StaffMember.affiliation == place.affiliation)
    session.execute(sa.update(StaffMember).where(*this).values(organisation=place.organisation, until=place.until))
    _keep(session, movement, place.affiliation, place.person, place.organisation, place.until)


def note_merged(session: orm.Session, movement: str, merged: str, into: str) -> None:
    """Two are one: whoever employs either employs them."""
    theirs = sa.select(StaffMember).where(StaffMember.movement == movement, StaffMember.person == merged)
    for row in session.scalars(theirs).all():
        _keep(session, movement, row.affiliation, into, row.organisation, row.until)


def _keep(
    session: orm.Session, movement: str, affiliation: str, person: str, organisation: str, until: date | None
) -> None:
    key = {"movement": movement, "affiliation": affiliation, "person": person}
    insert_if_new(session, StaffMember, {**key, "organisation": organisation, "until": until})


def without_own_staff(
    session: orm.Session, movement: str, organisation: str | None, items: Sequence[Item]
) -> Sequence[Item]:
    """The events that an organisation may have of these; all of them for whoever acts for none."""
    if organisation is None:
        return items
    about = {item.position: person for item in items if (person := _told_of(item)) is not None}
    if not about:
        return items
    today = clock.now().astimezone(ZoneInfo(store.zone(session, movement))).date()
    staff = sa.select(StaffMember.person).where(
        StaffMember.movement == movement,
        StaffMember.organisation.in_(store.every_id(session, movement, organisation)),
        StaffMember.person.in_(sorted(set(about.values()))),
        sa.or_(StaffMember.until.is_(None), StaffMember.until > today),
    )
    own = set(session.scalars(staff))
    return [item for item in items if about.get(item.position) not in own]


def _told_of(item: Item) -> str | None:
    """Of whom an event says what no employer is told; None where it says no such thing."""
    if not item.type.startswith(_TELLS):
        return None
    return msgspec.json.decode(item.payload, type=_About).person
