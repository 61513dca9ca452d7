"""Tables of counts with their totals, as a network: what every total says about its parts.

Each cell is an edge that carries its count, and each line of the table a node: what flows in equals what flows out,
which is that the parts add up to the total. Cells lead from their row to their column and totals lead back, so that
one- and two-way tables alike are circulations (Cox 1995, *Network models for complementary cell suppression*).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

TOTAL = "total"
"""The name of the line of totals."""

Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """A count, or a total, between two nodes."""

    name: Name
    tail: Name
    head: Name
    count: int
    is_total: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a table by name, totals among them."""

    cells: Mapping[Name, Cell]


def one_way(counts: Mapping[str, int]) -> Table:
    """Counts by category and their total. Cells are called ``(category,)``, the total ``("total",)``."""
    parts, whole = ("parts",), ("whole",)
    cells = [Cell((category,), parts, whole, count, False) for category, count in counts.items()]
    return _table([*cells, Cell((TOTAL,), whole, parts, sum(counts.values()), True)])


def two_way(rows: Sequence[str], columns: Sequence[str], counts: Mapping[tuple[str, str], int]) -> Table:
    """Counts by two things at once, with the totals of each and of all. Cells are called ``(row, column)``."""
    cells = [
        Cell((row, col), ("row", row), ("column", col), counts[row, col], False) for row in rows for col in columns
    ]
    for row in rows:
        whole = sum(counts[row, col] for col in columns)
        cells.append(Cell((row, TOTAL), ("column", TOTAL), ("row", row), whole, True))
    for col in columns:
        whole = sum(counts[row, col] for row in rows)
        cells.append(Cell((TOTAL, col), ("column", col), ("row", TOTAL), whole, True))
    cells.append(Cell((TOTAL, TOTAL), ("row", TOTAL), ("column", TOTAL), sum(counts.values()), True))
    return _table(cells)


def _table(cells: Sequence[Cell]) -> Table:
    if any(cell.count < 0 for cell in cells):
        raise ValueError("no count is below zero")
    return Table({cell.name: cell for cell in cells})
