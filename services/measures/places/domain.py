"""The verbs of places. The movement that every query is given says who asks; what there is, is the same for all."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.measures.places import store
from services.measures.places.models import Place, PlaceRow
from shared.errors import NotFound


def read_place(session: Session, _movement: str, code: str) -> Place:
    """The place. Raises NotFound."""
    place = store.get(session, code)
    if place is None:
        raise NotFound("no place has this code")
    return place


def read_places(session: Session, _movement: str, codes: Sequence[str]) -> list[PlaceRow]:
    """The places, in this order. Raises NotFound for the first that there is not."""
    found = store.find(session, codes)
    if unknown := [code for code in codes if code not in found]:
        raise NotFound(f"no place has the code {unknown[0]}")
    return [found[code] for code in codes]


def list_places(
    session: Session, _movement: str, q: str | None, kind: str | None, after: str | None, limit: int
) -> Sequence[Place]:
    """A page of places by code."""
    return store.page(session, q=q, kind=kind, after=after, limit=limit)
