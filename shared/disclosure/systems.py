"""Everything that is published, as a reader has it: counts, and the equations between them.

Whatever a table, a hierarchy or an earlier release says, it says of counts: that this one is so many, that it lies
between these, that these add up to that one. A reader who has all of it has a system of linear equations, and so has
whoever decides what is shown (Fischetti and Salazar 2001, *Solving the cell suppression problem on tabular data with
linear constraints*).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

Name = tuple[str, ...]
"""What a count is called, and what a figure is called."""


class Limits(NamedTuple):
    """The least and the most that a count can be by what a reader knows; `most` is None where nothing limits it."""

    least: int
    most: int | None

    def holds(self, other: "Limits") -> bool:
        """Whether all that the other allows is allowed by this."""
        above = self.most is None or (other.most is not None and other.most <= self.most)
        return self.least <= other.least and above


@dataclass(frozen=True, slots=True)
class Cell:
    """A count of people, and what a reader is told of it.

    `shown` is what publishing its figure says of it (both ends are the count where it is exact), `hidden` what a reader
    knows where it is not published. `keep` is what must stay possible for them whatever else they know; None where
    nothing rests on it. The cells of one `figure` are published together or not at all; those of None never are.
    """

    name: Name
    count: int
    shown: Limits
    hidden: Limits
    keep: Limits | None = None
    figure: Name | None = None


class Equation(NamedTuple):
    """The parts add up to the whole."""

    whole: Name
    parts: tuple[Name, ...]


class System:
    """Cells, the equations between them, and what each figure is worth to its readers: 1 where it is not said."""

    def __init__(
        self,
        cells: Collection[Cell],
        equations: Sequence[Equation],
        worth: Mapping[Name, int] | None = None,
    ) -> None:
        """Raises ValueError where the counts do not add up, or one is outside of what is said of it."""
        self.cells = tuple(cells)
        self.equations = tuple(equations)
        self.worth = dict(worth or {})
        self.place = {cell.name: place for place, cell in enumerate(self.cells)}
        self.figures: Mapping[Name, Sequence[int]] = _by_figure(self.cells)
        """The places of the cells of each figure."""
        self._check()

    @property
    def small(self) -> frozenset[Name]:
        """The figures that cannot be shown whatever else is: what they would say leaves too little open."""
        return frozenset(
            cell.figure for cell in self.cells if cell.figure and cell.keep and not cell.shown.holds(cell.keep)
        )

    @property
    def public(self) -> frozenset[Name]:
        """The figures that to hide would tell a reader no less: they are known already, or hidden by other means."""
        return frozenset(
            figure
            for figure, places in self.figures.items()
            if all(self.cells[place].shown == self.cells[place].hidden for place in places)
        )

    def limits(self, hidden: Collection[Name]) -> Sequence[Limits]:
        """What a reader is told of each cell, where these figures are hidden."""
        return [
            cell.hidden if cell.figure is None or cell.figure in hidden else cell.shown for cell in self.cells
        ]  # fmt: skip

    def _check(self) -> None:
        if len(self.place) != len(self.cells):
            raise ValueError("two cells have one name")
        for cell in self.cells:
            if cell.count < 0 or not all(limits.holds(Limits(cell.count, cell.count)) for limits in _said(cell)):
                raise ValueError(f"what is said of {cell.name} does not hold its count")
        for whole, parts in self.equations:
            if self._count(whole) != sum(map(self._count, parts)):
                raise ValueError(f"the parts of {whole} do not add up to it")

    def _count(self, name: Name) -> int:
        return self.cells[self.place[name]].count


def _by_figure(cells: Sequence[Cell]) -> Mapping[Name, Sequence[int]]:
    found: dict[Name, list[int]] = {}
    for place, cell in enumerate(cells):
        if cell.figure is not None:
            found.setdefault(cell.figure, []).append(place)
    return found


def _said(cell: Cell) -> Sequence[Limits]:
    return [limits for limits in (cell.shown, cell.hidden, cell.keep) if limits is not None]
