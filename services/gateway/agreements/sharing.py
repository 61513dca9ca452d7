"""What no other organisation is sent of somebody: whoever said stop, whose data rests, or who refused its purpose.

Whatever is about them is kept back, but for what tells of an end. It holds from the moment at which it is heard of, for
what was queued before as well: what is sent is looked at when it is taken out of the queue. A later yes to a purpose,
for sharing, lets its endpoints have it again after a stop or a refusal; data that rests waits until that is lifted.
"""

from collections.abc import Iterator, Sequence

import msgspec
import sqlalchemy as sa
from sqlalchemy import orm

from services.gateway.access.rows import insert_if_new
from services.gateway.agreements.domain import held
from services.gateway.agreements.models import SharingBar, StoppedPerson
from services.gateway.feed.cloudevents import Item
from shared.db.hot import hot
from shared.db.lists import among, json_list

SHARING = "sharing"
"""The channel by which data is handed on to other organisations."""
_TELLS_AN_END = ("person.stopped", "permission.", "person.erased", "membership.erased", "person.merged", "processing.")
"""What the events begin with that a receiver needs to obey, or to know of whom."""
_A_PERSON, _A_RESTRICTION = "person_", "restriction_"

_stopped = hot(
    sa.select(StoppedPerson.person, StoppedPerson.allowed)
    .where(StoppedPerson.movement == sa.bindparam("of"))
    .where(among(StoppedPerson.person, "people"))
)


def bar(session: orm.Session, movement: str, person: str, because: str) -> None:
    """Nothing of theirs is shared while a restriction stands (its id), or for a purpose that they refused (its key)."""
    insert_if_new(session, SharingBar, {"movement": movement, "person": person, "because": because})


def unbar(session: orm.Session, movement: str, person: str, because: str) -> None:
    """The restriction was lifted, or they said yes to the purpose."""
    this = (SharingBar.movement == movement, SharingBar.person == person, SharingBar.because == because)
    session.execute(sa.delete(SharingBar).where(*this))


def note(session: orm.Session, movement: str, person: str) -> None:
    """Somebody said stop: whatever they allowed before counts no more."""
    session.merge(StoppedPerson(movement=movement, person=person, allowed=""))


def allow(session: orm.Session, movement: str, person: str, purpose: str) -> None:
    """Somebody who said stop, or no, said yes to sharing for a purpose since."""
    row = session.get(StoppedPerson, (movement, person), with_for_update=True)
    if row is not None:
        row.allowed = " ".join(sorted({*row.allowed.split(), purpose}))
    unbar(session, movement, person, purpose)


def forbid(session: orm.Session, movement: str, person: str, purpose: str) -> None:
    """They refuse it."""
    row = session.get(StoppedPerson, (movement, person), with_for_update=True)
    if row is not None:
        row.allowed = " ".join(each for each in row.allowed.split() if each != purpose)
    bar(session, movement, person, purpose)


def note_merged(session: orm.Session, movement: str, merged: str, into: str) -> None:
    """Two are one: the stop of either holds, none of what was allowed since, and every bar."""
    bars = sa.select(SharingBar.because).where(SharingBar.movement == movement, SharingBar.person == merged)
    for because in session.scalars(bars).all():
        bar(session, movement, into, because)
    if session.get(StoppedPerson, (movement, merged)) is not None:
        note(session, movement, into)


def without_withheld(
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
    withheld = {str(row[0]) for row in rows if purpose not in str(row[1]).split()}
    barred = sa.select(SharingBar.person).where(
        SharingBar.movement == movement,
        SharingBar.person.in_(named),
        sa.or_(SharingBar.because.startswith(_A_RESTRICTION), SharingBar.because == purpose),
    )
    withheld.update(session.scalars(barred))
    if not withheld or held(session, movement, organisation).is_controller:
        return items
    return [item for item in items if withheld.isdisjoint(about.get(item.position, ()))]


def _people_in(item: Item) -> Iterator[str]:
    """Everybody whom an event names; nobody where it tells of an end."""
    if item.type.startswith(_TELLS_AN_END):
        return
    for value in msgspec.json.decode(item.payload, type=dict[str, object]).values():
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, str) and each.startswith(_A_PERSON):
                yield each
