"""The queries of geography. The movement that each is given says who asks; what there is, is the same for all."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.geography import store
from services.measures.geography.models import ChangeRow
from services.measures.places import store as places
from services.measures.places.crosswalk import Crosswalk
from services.measures.places.models import PlaceRow
from shared.errors import NotFound
from shared.partners.answering import today

MAIN = "main"
"""The hierarchy of the places file's own column `parent`, which holds as long as both places exist."""


class Shares(NamedTuple):
    """What became of a place, or of what it was made: by the other place its share."""

    place: str
    shares: Mapping[str, Fraction]


def hierarchies(session: Session, _movement: str) -> Sequence[str]:
    """The names of all hierarchies, the main one first."""
    return [MAIN, *(name for name in store.hierarchies(session) if name != MAIN)]


def ancestors(session: Session, movement: str, code: str, hierarchy: str, day: date | None) -> Sequence[PlaceRow]:
    """In what a place lies on a day (None: today), from the nearest to the whole. Raises NotFound."""
    day = day or today(session, movement)
    found = [_found(session, code)]
    while (above := _parent(session, found[-1], hierarchy, day)) is not None and above not in found:
        found.append(above)
    return found[1:]


def children(session: Session, movement: str, code: str, hierarchy: str, day: date | None) -> Sequence[PlaceRow]:
    """What lies in a place on a day (None: today), by code. Raises NotFound."""
    _found(session, code)
    day = day or today(session, movement)
    return [place for _, place in sorted(_below(session, {code}, hierarchy, day).items())]


def descendants(session: Session, code: str, hierarchy: str, day: date) -> Sequence[str]:
    """All that lies in a place on a day, at whatever depth, by code."""
    found: set[str] = set()
    ahead = {code}
    while ahead := set(_below(session, ahead, hierarchy, day)) - found:
        found |= ahead
    return sorted(found)


def owned(
    session: Session, codes: Collection[str], kind: str, hierarchy: str, day: date
) -> Mapping[str, Sequence[str]]:
    """Of each of these places that has any, those of a kind that lie in it on a day, however deep, or it itself."""
    return store.owned(session, codes, kind, None if hierarchy == MAIN else hierarchy, day)


def became(session: Session, movement: str, code: str, since: date, until: date | None) -> Shares:
    """In which places on one day (None: today) a place of an earlier one lies, by its shares. Raises NotFound."""
    _found(session, code)
    seen, ahead, steps = {code}, {code}, list[ChangeRow]()
    while ahead:
        found = store.changes_of(session, ahead)
        steps += found
        ahead = {row.to for row in found} - seen
        seen |= ahead
    return Shares(code, _crosswalk(session, steps, seen).shares(code, since, until or today(session, movement)))


def made_of(session: Session, movement: str, code: str, since: date, until: date | None) -> Shares:
    """What share of which places of a day lies in a place of a later one (None: today). Raises NotFound."""
    _found(session, code)
    return Shares(code, crosswalk_to(session, code).sources(code, since, until or today(session, movement)))


def crosswalk_to(session: Session, code: str) -> Crosswalk:
    """All changes that led to a place, and what else became of those that it was made of."""
    seen, ahead = {code}, {code}
    while ahead:
        ahead = {row.place for row in store.changes_into(session, ahead)} - seen
        seen |= ahead
    steps = store.changes_of(session, seen)
    return _crosswalk(session, steps, seen | {row.to for row in steps})


def list_changes(
    session: Session, _movement: str, place: str | None, after: tuple[str, ...] | None, limit: int
) -> Sequence[ChangeRow]:
    """A page of what became of places, by day."""
    return store.page_of_changes(session, place, after, limit)


def _crosswalk(session: Session, steps: Iterable[ChangeRow], codes: Collection[str]) -> Crosswalk:
    spans = {code: place.span for code, place in places.find(session, codes).items()}
    return Crosswalk((row.step for row in steps), spans)


def _parent(session: Session, place: PlaceRow, hierarchy: str, day: date) -> PlaceRow | None:
    if hierarchy == MAIN:
        code = place.parent
    else:
        rows = store.parents_of(session, [place.code])
        code = next((row.parent for row in rows if row.hierarchy == hierarchy and row.span.holds_on(day)), None)
    if code is None:
        return None
    above = places.find(session, [code]).get(code)
    return above if above is not None and above.span.holds_on(day) else None


def _below(session: Session, codes: Collection[str], hierarchy: str, day: date) -> Mapping[str, PlaceRow]:
    """What lies directly in these places."""
    if hierarchy == MAIN:
        found = places.lying_in(session, codes)
    else:
        found = places.find(session, [row.place for row in store.children_of(session, codes, hierarchy, day)])
    return {code: place for code, place in found.items() if place.span.holds_on(day)}


def _found(session: Session, code: str) -> PlaceRow:
    place = places.find(session, [code]).get(code)
    if place is None:
        raise NotFound("no place has this code")
    return place
