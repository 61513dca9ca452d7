"""What no employer is sent: events of whether its own staff came, what they did or answered, for ids lead to names.

Who has or had a place in which organisation is what members has told. That it is over is not told, nor which is a part
of which: here whoever ever had a place in the organisation itself is its staff.
"""

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.access.rows import insert_if_new
from services.gateway.agreements import store
from services.gateway.agreements.models import StaffMember
from services.gateway.feed.cloudevents import Item
from shared.db.hot import hot
from shared.db.lists import among, json_list

_TELLS = ("activity.", "attendance.", "booking.", "membership.rung_", "next_ask.", "rung_confirmation.")
"""What the events begin with that say of a person whether they came, what they did or what they answered."""

_staff = hot(
    sa.select(StaffMember.person)
    .where(StaffMember.movement == sa.bindparam("of"), among(StaffMember.organisation, "by"))
    .where(among(StaffMember.person, "people"))
)


class _About(msgspec.Struct):
    person: str | None = None


def note(session: orm.Session, movement: str, organisation: str, person: str) -> None:
    """Somebody has, or had, a place in an organisation."""
    insert_if_new(session, StaffMember, {"movement": movement, "organisation": organisation, "person": person})


def note_merged(session: orm.Session, movement: str, merged: str, into: str) -> None:
    """Two are one: whoever employs either employs them."""
    employers = sa.select(StaffMember.organisation).where(
        StaffMember.movement == movement, StaffMember.person == merged
    )
    for organisation in session.scalars(employers).all():
        note(session, movement, organisation, into)


def without_own_staff(
    session: orm.Session, movement: str, organisation: str | None, items: Sequence[Item]
) -> Sequence[Item]:
    """The events that an organisation may have of these; all of them for whoever acts for none."""
    if organisation is None:
        return items
    about = {item.position: person for item in items if (person := _told_of(item)) is not None}
    if not about:
        return items
    by, people = store.every_id(session, movement, organisation), sorted(set(about.values()))
    rows = _staff.rows(session, {"of": movement, "by": json_list(by), "people": json_list(people)})
    own = {row[0] for row in rows}
    return [item for item in items if about.get(item.position) not in own]


def _told_of(item: Item) -> str | None:
    """Of whom an event says what no employer is told; None where it says no such thing."""
    if not item.type.startswith(_TELLS):
        return None
    return msgspec.json.decode(item.payload, type=_About).person
