"""Suppression: which cells of an exact table are not shown, so that no small one can be worked out.

Every small cell gets a way round: a ring of cells that can all shift by the threshold while every total holds. The
cells of the ring that were to be shown are not. The cheapest ring is taken, a total counting for as much as it holds:
they are what is read first. It need not be the least that would do for all small cells together, which is a problem for
a solver.
"""

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from shared.disclosure.attack import bounds
from shared.disclosure.tables import Cell, Name, Table


class Unprotected(Exception):
    """The attack told more of a cell than it may: a fault of ours, and nothing is shown."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as it may be shown: each cell's count, or None where it is not."""

    cells: Mapping[Name, int | None]


def protect(table: Table, below: int) -> Shown:
    """Take out every cell below ``below``, zero and totals among them, and what else would tell one.

    What can be worked out of each leaves at least ``below`` open: of a small one not even that it is small. Raises
    Unprotected where an attack says otherwise.
    """
    small = [cell for cell in table.cells.values() if cell.count < below]
    hidden = {cell.name for cell in small}
    for cell in sorted(small, key=lambda each: each.count):
        hidden |= _way_round(table, cell, hidden, below)
    for name, found in bounds(table, hidden).items():
        if found.width < below or (found.most is not None and found.most < below):
            raise Unprotected(name)
    return Shown({name: None if name in hidden else cell.count for name, cell in table.cells.items()})


def _way_round(table: Table, around: Cell, hidden: set[Name], below: int) -> set[Name]:
    """The cells of the cheapest ring by which a cell can be greater by ``below`` (Dijkstra). There always is one: the
    totals that it is part of."""
    costs: dict[Name, int] = {around.head: 0}
    arrived: dict[Name, tuple[Name, Name]] = {}
    waiting = [(0, around.head)]
    while waiting:
        cost, node = heapq.heappop(waiting)
        if node == around.tail:
            break
        for cell, leads_to in _ways_on(table, around, node, below):
            further = cost + (0 if cell.name in hidden else 1 + cell.count)
            if further < costs.get(leads_to, further + 1):
                costs[leads_to] = further
                arrived[leads_to] = (node, cell.name)
                heapq.heappush(waiting, (further, leads_to))
    ring, node = set(), around.tail
    while node != around.head:
        node, name = arrived[node]
        ring.add(name)
    return ring


def _ways_on(table: Table, around: Cell, node: Name, below: int) -> Iterator[tuple[Cell, Name]]:
    """From a node: cells that would rise, and those that are large enough to fall."""
    for cell in table.cells.values():
        if cell is around:
            continue
        if cell.tail == node:
            yield cell, cell.head
        elif cell.head == node and cell.count >= below:
            yield cell, cell.tail
