"""What no other organisation is sent of somebody who said stop: whatever is about them, but for what tells of an end.

It holds from the moment at which the stop is heard of, for what was queued before as well: what is sent is looked at
when it is taken out of the queue. A later yes to a purpose, for sharing, lets its endpoints have it again.
"""

from collections.abc import Iterator, Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.agreements.domain import held
from services.gateway.agreements.models import StoppedPerson
from services.gateway.feed.cloudevents import Item
from shared.db.hot import hot
from shared.db.lists import among, json_list

SHARING = "sharing"
"""The channel by which data is handed on to other organisations."""
_TELLS_AN_END = ("person.stopped", "permission.", "person.erased", "membership.erased", "person.merged", "processing.")
"""What the events begin with that a receiver needs to obey, or to know of whom."""
_A_PERSON = "person_"

_stopped = hot(
    sa.select(StoppedPerson.person, StoppedPerson.allowed)
    .where(StoppedPerson.movement == sa.bindparam("of"))
    .where(among(StoppedPerson.person, "people"))
)


def note(session: orm.Session, movement: str, person: str) -> None:
    """Somebody said stop: whatever they allowed before counts no more."""
    session.merge(StoppedPerson(movement=movement, person=person, allowed=""))


def allow(session: orm.Session, movement: str, person: str, purpose: str) -> None:
    """Somebody who said stop said yes to sharing for a purpose since."""
    row = session.get(StoppedPerson, (movement, person), with_for_update=True)
    if row is not None:
        row.allowed = " ".join(sorted({*row.allowed.split(), purpose}))


def forbid(session: orm.Session, movement: str, person: str, purpose: str) -> None:
    """They took that back."""
    row = session.get(StoppedPerson, (movement, person), with_for_update=True)
    if row is not None:
        row.allowed = " ".join(each for each in row.allowed.split() if each != purpose)


def note_merged(session: orm.Session, movement: str, merged: str, into: str) -> None:
    """Two are one: the stop of either holds, and none of what was allowed since."""
    if session.get(StoppedPerson, (movement, merged)) is not None:
        note(session, movement, into)


def without_stopped(
    session: orm.Session, movement: str, organisation: str | None, purpose: str | None, items: Sequence[Item]
) -> Sequence[Item]:
    """The events that an organisation may have of these.

    All of them for whoever acts for none, or for the controller: its own work goes on.
    """
    if organisation is None:
        return items
    about = {item.position: people for item in items if (people := {*_people_in(item)})}
    if not about:
        return items
    named = sorted(set.union(*about.values()))
    rows = _stopped.rows(session, {"of": movement, "people": json_list(named)})
    stopped = {str(row[0]) for row in rows if purpose not in str(row[1]).split()}
    if not stopped or held(session, movement, organisation).is_controller:
        return items
    return [item for item in items if stopped.isdisjoint(about.get(item.position, ()))]


def _people_in(item: Item) -> Iterator[str]:
    """Everybody whom an event names; nobody where it tells of an end."""
    if item.type.startswith(_TELLS_AN_END):
        return
    for value in msgspec.json.decode(item.payload, type=dict[str, object]).values():
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, str) and each.startswith(_A_PERSON):
                yield each
