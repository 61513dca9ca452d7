"""What makes up a whole: the places within one, and the categories of a dimension. Nothing is in it twice."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.geography import domain as geography
from services.measures.measures.models import Boundaries, MeasureVersion
from services.measures.measures.schemes import Dimension
from services.measures.observations.models import EVERYBODY
from services.measures.periods import Period
from services.measures.places import store as places
from shared.errors import Fault, Invalid


def cells(scheme: Sequence[Dimension], within: str, dimension: str | None) -> list[str]:
    """The cells of a dimension's categories, within a cell. Raises Invalid unless they add up to everybody there."""
    found = find_dimension(scheme, dimension)
    if not found["exhaustive"]:
        reason = "has categories that somebody may be in none or several of: they do not add up to everybody"
        raise Invalid(faults=[Fault("?dimension", reason, "not_exhaustive")])
    return [cell_of(within, found["key"], category["key"]) for category in found["categories"]]


def find_dimension(scheme: Sequence[Dimension], key: str | None) -> Dimension:
    """The dimension of a version's scheme. Raises Invalid where it has none of that key."""
    for dimension in scheme:
        if dimension["key"] == key:
            return dimension
    raise Invalid(faults=[Fault("?dimension", "is no dimension of the version's scheme", "unknown_dimension")])


def cell_of(within: str, dimension: str, category: str) -> str:
    """The cell of a category within another cell, written as figures' cells are: dimensions in order."""
    parts = [] if within == EVERYBODY else within.split(";")
    return ";".join(sorted([*parts, f"{dimension}={category}"]))


class Inside(NamedTuple):
    """The places directly within one, by a hierarchy, of one kind if given."""

    place: str
    hierarchy: str
    kind: str | None


def day_of(version: MeasureVersion, period: Period) -> date | None:
    """On which day places count for a period: its last, or for back-cast figures, which are of today's, None: today."""
    return None if version.boundaries == Boundaries.BACK_CAST else period.end


def apart(session: Session, movement: str, codes: Sequence[str], hierarchy: str, day: date | None) -> list[str]:
    """The places, each once. Raises Invalid for one that nobody knows, or that lies in another of them."""
    known = places.find(session, codes)
    faults = []
    for code in sorted(set(codes)):
        if code not in known:
            faults.append(Fault("?places", "no place has one of these codes", "unknown_place"))
        elif {above.code for above in geography.ancestors(session, movement, code, hierarchy, day)} & set(codes):
            faults.append(Fault("?places", "one of these lies in another and would count twice", "places_overlap"))
    if faults:
        raise Invalid(faults=faults)
    return sorted(known)


def within(session: Session, movement: str, inside: Inside, day: date | None) -> list[str]:
    """Their codes on that day. Raises NotFound for the place, and Invalid where nothing lies in it."""
    found = geography.children(session, movement, inside.place, inside.hierarchy, day)
    codes = [place.code for place in found if inside.kind in (None, place.kind)]
    if not codes:
        raise Invalid(faults=[Fault("?place", "has no places within it on that day", "no_parts")])
    return codes
