"""The attack: all that a reader can work out of counts that are not shown, from everything that is.

For each count that must stay open it solves two linear programmes: the least and the most that it can be while every
equation holds and every count stays within what was said of it. People are whole, so an answer with a fraction of one
is asked again in whole numbers: nothing is called protected by tables that cannot be.
"""

from collections.abc import Collection, Mapping, Sequence

from shared.disclosure.programmes import TOLERANCE, WITHOUT_LIMIT, Deviations, Row
from shared.disclosure.systems import Cell, Limits, Name, System


def attack(system: System, hidden: Collection[Name], only: Collection[Name] | None = None) -> Mapping[Name, Limits]:
    """What can be worked out of each cell that has something to keep, or of those named, where figures are hidden."""
    off, rows = offsets(system, hidden), rows_of(system)
    relaxed, whole = Deviations(off, rows), None
    found = {}
    for place, cell in enumerate(system.cells):
        if cell.keep is None if only is None else cell.name not in only:
            continue
        ends = []
        for up in (False, True):
            furthest = relaxed.furthest(place, up=up)
            if not furthest.whole:
                whole = whole or Deviations(off, rows, whole=True)
                furthest = whole.furthest(place, up=up)
            ends.append(furthest.off)
        found[cell.name] = _limits(cell, *ends)
    return found


def told(system: System, found: Mapping[Name, Limits]) -> Sequence[Cell]:
    """The cells of which an attack told more than may be: each has less left open than it must keep."""
    return [cell for cell in system.cells if cell.keep and cell.name in found and not found[cell.name].holds(cell.keep)]


def rows_of(system: System) -> Sequence[Row]:
    """The equations, as their coefficients by the places of the cells."""
    place = system.place
    return [{place[whole]: -1} | {place[part]: 1 for part in parts} for whole, parts in system.equations]


def offsets(system: System, hidden: Collection[Name]) -> Sequence[tuple[float, float]]:
    """How far each count can be off, down and up, by what is said of it alone."""
    return [
        (limits.least - cell.count, WITHOUT_LIMIT if limits.most is None else limits.most - cell.count)
        for cell, limits in zip(system.cells, system.limits(hidden), strict=True)
    ]


def _limits(cell: Cell, down: float, up: float) -> Limits:
    most = None if up == WITHOUT_LIMIT else cell.count + int(up + TOLERANCE)
    return Limits(cell.count - int(down + TOLERANCE), most)
