"""How places lie in one another, in every hierarchy and on any day: read once for all places of a table."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from services.measures.geography import store as geography
from services.measures.geography.domain import MAIN
from services.measures.geography.models import ParentRow
from services.measures.places import store as places
from services.measures.places.models import PlaceRow


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """One of them, for places that were named when it was read and for all that is above these."""

    name: str
    above: dict[str, Sequence[ParentRow]]
    below: dict[tuple[str, date], frozenset[str]]
    session: Session

    def around(self, place: str, day: date) -> Sequence[str]:
        """In what a place lies on a day, from the nearest to the whole."""
        found: list[str] = []
        while (row := next((row for row in self.above.get(place, ()) if row.span.holds_on(day)), None)) is not None:
            if row.parent in found:
                break
            place = row.parent
            found.append(place)
        return found

    def within(self, place: str, day: date) -> frozenset[str]:
        """What lies directly in a place on a day."""
        key = place, day
        if key not in self.below:
            self.below[key] = frozenset(_within(self.session, place, self.name, day))
        return self.below[key]


def hierarchies(session: Session, codes: Collection[str]) -> list[Hierarchy]:
    """Every hierarchy in which any of these places lies."""
    rows: dict[str, dict[str, list[ParentRow]]] = {MAIN: {}}
    seen, ahead = set[str](), set(codes)
    while ahead:
        seen |= ahead
        found = geography.parents_of(session, ahead)
        found += [_main(place) for place in places.find(session, ahead).values() if place.parent is not None]
        for row in found:
            rows.setdefault(row.hierarchy, {}).setdefault(row.place, []).append(row)
        ahead = {row.parent for row in found} - seen
    return [Hierarchy(name, dict(of), {}, session) for name, of in rows.items() if of]


def _main(place: PlaceRow) -> ParentRow:
    return ParentRow(place.code, MAIN, "", place.parent or "", None)


def _within(session: Session, place: str, hierarchy: str, day: date) -> set[str]:
    if hierarchy == MAIN:
        found = places.lying_in(session, {place})
    else:
        found = places.find(session, [row.place for row in geography.children_of(session, [place], hierarchy, day)])
    return {code for code, each in found.items() if each.span.holds_on(day)}
