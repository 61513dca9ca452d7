"""What is done with movements."""

import unicodedata

from sqlalchemy import orm

from services.gateway.access.movements import store
from services.gateway.access.movements.models import Movement
from services.gateway.access.rows import insert_if_new
from shared import clock
from shared.errors import Conflict, Fault, NotFound
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
    movement = new_id("movement")
    values = {"id": movement, "slug": slug or slug_of(name) or movement.partition("_")[2], "name": name}
    if not insert_if_new(session, Movement, values | {"time_zone": time_zone, "created_at": clock.now()}):
        raise SlugTaken(faults=[Fault("/slug", "is taken by another movement", SlugTaken.code)])
    return get_movement(session, movement)


def get_movement(session: orm.Session, movement: str) -> Movement:
    """A movement by its id, or NotFound."""
    found = store.find(session, movement)
    if found is None:
        raise NotFound("there is no such movement")
    return found


def slug_of(name: str) -> str:
    """A name as it can stand in a URL: plain lower-case letters, digits and single hyphens. It may come out empty."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    return "-".join(words)[:_LONGEST_SLUG].strip("-")
