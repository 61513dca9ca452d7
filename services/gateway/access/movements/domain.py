"""What is done with movements."""

import unicodedata
from dataclasses import replace

from sqlalchemy import orm

from services.gateway.access.audit import domain as audit
from services.gateway.access.movements import store
from services.gateway.access.movements.models import Movement
from services.gateway.access.rows import insert_if_new
from shared import clock, outbox
from shared.db.session import of
from shared.editing import hold_to
from shared.errors import Conflict, Fault, NotFound
from shared.events.base import Event
from shared.events.gateway import MovementChanged, MovementCreated
from shared.ids import new_id

DEFAULT_ZONE = "Europe/London"
_LONGEST_SLUG = 63


class SlugTaken(Conflict):
    """Another movement has this slug."""

    code = "slug_taken"
    title = "Another movement has this slug"


def create_movement(
    session: orm.Session, *, name: str, slug: str | None = None, time_zone: str = DEFAULT_ZONE
) -> Movement:
    """Open a workspace for a movement; without a slug one is made of the name."""
    movement, at = new_id("movement"), clock.now()
    values: dict[str, object] = {
        "id": movement,
        "slug": slug or slug_of(name) or movement.partition("_")[2],
        "name": name,
    }
    values |= {"time_zone": time_zone, "version": 1, "created_at": at, "updated_at": at}
    if not insert_if_new(session, Movement, values):
        raise SlugTaken(faults=[Fault("/slug", "is taken by another movement", SlugTaken.code)])
    audit.note(session, movement, "movement.created", movement)
    _announce(session, movement, MovementCreated(movement=movement, time_zone=time_zone))
    return get_movement(session, movement)


def change_movement(
    session: orm.Session, movement: str, *, name: str | None, time_zone: str | None, expected: int | None
) -> Movement:
    """Give a movement another name or another time zone; a new zone holds for the days that are reckoned from now on.

    Raises NotFound, PreconditionFailed.
    """
    found = store.find(session, movement, lock=True)
    if found is None:
        raise NotFound("there is no such movement")
    hold_to(found.version, expected)
    if found.edit(clock.now(), name=name, time_zone=time_zone):
        audit.note(session, movement, "movement.changed", movement)
        _announce(session, movement, MovementChanged(movement=movement, time_zone=found.time_zone))
    return found


def get_movement(session: orm.Session, movement: str) -> Movement:
    """A movement by its id, or NotFound."""
    found = store.find(session, movement)
    if found is None:
        raise NotFound("there is no such movement")
    return found


def _announce(session: orm.Session, movement: str, event: Event) -> None:
    """Record an event in the movement that it is about: whoever opens or edits one stands in none, or in another."""
    ours = of(session)
    theirs, ours.context = ours.context, replace(ours.context, movement=movement)
    outbox.record(session, event)
    ours.context = theirs


def slug_of(name: str) -> str:
    """A name as it can stand in a URL: plain lower-case letters, digits and single hyphens. It may come out empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    return "-".join(words)[:_LONGEST_SLUG].strip("-")
