"""The attack: all that a reader can work out of a table in which some cells are not shown.

How far a cell can rise while every shown cell stays is the greatest flow from its head back to its tail through the
other cells that are not shown, which rise along their direction without limit and fall against it as far as zero.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Mapping
from typing import NamedTuple

from shared.disclosure.tables import Cell, Name, Table

Graph = dict[Name, dict[Name, int]]
_UNLIMITED = 1 << 60


class Bounds(NamedTuple):
    """The least and the most that a count can be by all that is shown; ``most`` is None where nothing limits it."""

    least: int
    most: int | None

    @property
    def width(self) -> float:
        """How much is left open."""
        return float("inf") if self.most is None else self.most - self.least


def bounds(table: Table, hidden: Collection[Name]) -> Mapping[Name, Bounds]:
    """What can be worked out about each cell that is not shown."""
    cells = [table.cells[name] for name in hidden]
    return {cell.name: _bounds(cell, [other for other in cells if other is not cell]) for cell in cells}


def _bounds(cell: Cell, others: Collection[Cell]) -> Bounds:
    rise = _flow(others, cell.head, cell.tail)
    fall = _flow(others, cell.tail, cell.head)
    return Bounds(max(0, cell.count - fall), None if rise >= _UNLIMITED else cell.count + rise)


def _flow(cells: Collection[Cell], source: Name, sink: Name) -> int:
    """The greatest flow (Edmonds and Karp)."""
    left: Graph = defaultdict(lambda: defaultdict(int))
    for cell in cells:
        left[cell.tail][cell.head] = _UNLIMITED
        left[cell.head][cell.tail] = min(_UNLIMITED, left[cell.head][cell.tail] + cell.count)
    total = 0
    while total < _UNLIMITED:
        came_from = _search(left, source, sink)
        if sink not in came_from:
            return total
        path, node = [], sink
        while node != source:
            path.append((came_from[node], node))
            node = came_from[node]
        most = min(left[tail][head] for tail, head in path)
        for tail, head in path:
            left[tail][head] -= most
            left[head][tail] += most
        total += most
    return _UNLIMITED


def _search(left: Graph, source: Name, sink: Name) -> Mapping[Name, Name]:
    came_from, waiting = {source: source}, deque([source])
    while waiting and sink not in came_from:
        node = waiting.popleft()
        for head, capacity in left[node].items():
            if capacity > 0 and head not in came_from:
                came_from[head] = node
                waiting.append(head)
    return came_from
