"""Suppression: the cheapest figures to hide, so that nothing that must stay open can be worked out.

The whole of it is one mixed-integer programme: a choice of figures, and for every small count two other tables that a
reader could take for the true one, with more people there and with fewer. It is solved by rows that are found as they
are needed (Fischetti and Salazar 2001): attack the choice; where a count can be told, the attack's dual solution says
which figures held it, and that of these enough must go; choose again, the cheapest; until no attack tells anything.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from shared.disclosure.attack import attack, offsets, rows_of, told
from shared.disclosure.programmes import TOLERANCE, Choice, Condition, Deviations, Furthest
from shared.disclosure.systems import Limits, Name, System

_REACH = 4
_ROUNDS = 6


class Unprotected(Exception):
    """No choice of figures protects the table. `cell` is one that would be told, `because` the reason in a word:

    `public` (it was shown before), `earlier_releases` (what was published before tells it, with nothing new shown at
    all).
    """

    def __init__(self, cell: Name, because: str) -> None:
        super().__init__(f"{'/'.join(cell)}: {because}")
        self.cell, self.because = cell, because


@dataclass(frozen=True, slots=True)
class Plan:
    """Which figures are hidden, which of them only for the sake of others, and what a reader can work out then."""

    hidden: frozenset[Name]
    secondary: frozenset[Name]
    attacked: Mapping[Name, Limits]


def protect(system: System) -> Plan:
    """The cheapest plan by which every cell keeps open what it must. Raises Unprotected.

    What it answers was attacked as it stands, in whole numbers, by all that a reader has.
    """
    small, public = system.small, system.public
    for cell in system.cells:
        if cell.figure in small & public:
            raise Unprotected(cell.name, "public")
    search = _Search(system, small, public)
    while True:
        hidden = search.choose()
        found = attack(system, hidden)
        over = told(system, found)
        if not over:
            return Plan(hidden, hidden - small, found)
        if not search.refuse(hidden):
            raise Unprotected(over[0].name, "earlier_releases")


class _Need(NamedTuple):
    """How far the cell at a place must be able to go, and which way."""

    place: int
    up: bool
    far: int


class _Search:
    """The choice under way: the conditions that attacks have found so far.

    No count deviates by more than `_REACH` times what some cell must be able to: a reader may think of more, so that
    this asks for too much and never for too little.
    """

    def __init__(self, system: System, small: frozenset[Name], public: frozenset[Name]) -> None:
        self._system, self._small = system, small
        self._free = [figure for figure in system.figures if figure not in small | public]
        self._column = {figure: column for column, figure in enumerate(self._free)}
        self._costs = [max(1, system.worth.get(figure, 1)) for figure in self._free]
        self._choice = Choice(self._costs)
        self._needs = list(_needs(system))
        reach = _REACH * max((need.far for need in self._needs), default=0)
        self._shown = _ends(system, (), reach)
        self._hidden = _ends(system, [*self._free, *small], reach)
        self._deviations = Deviations(self._shown, rows_of(system))
        self._open(small, self._hidden)

    def choose(self) -> frozenset[Name]:
        """The cheapest figures to hide, the small ones among them, or the best found in time. Raises Unprotected."""
        best: frozenset[Name] | None = None
        for _ in range(_ROUNDS):
            chosen = {self._free[column] for column in self._choice.cheapest()}
            self._open(chosen, self._hidden)
            more = set[Name]()
            for need in self._needs:
                self._learn(need, chosen, more)
            self._open(chosen | more, self._shown)
            if not more:
                return self._small | chosen
            best = min(best or frozenset(chosen | more), frozenset(chosen | more), key=self._cost)
        return self._small | self._spared(best or frozenset())

    def _spared(self, chosen: frozenset[Name]) -> frozenset[Name]:
        """Of a choice that was put together piece by piece, what is needed: the dearest that can be shown are."""
        self._open(chosen, self._hidden)
        needed = set(chosen)
        for figure in sorted(chosen, key=lambda figure: (-self._cost([figure]), figure)):
            self._open([figure], self._shown)
            if all(self._met(need) for need in self._needs):
                needed.remove(figure)
            else:
                self._open([figure], self._hidden)
        self._open(needed, self._shown)
        return frozenset(needed)

    def refuse(self, hidden: Collection[Name]) -> bool:
        """Hold every further choice to hide something beside this; whether there is anything."""
        others = {column: 1.0 for column, figure in enumerate(self._free) if figure not in hidden}
        if others:
            self._choice.add(Condition(others, 1))
        return bool(others)

    def _learn(self, need: _Need, chosen: Collection[Name], more: set[Name]) -> None:
        """Hide more until a need is met, keeping every condition that was found on the way."""
        while (condition := self._condition(need)) is not None:
            self._choice.add(condition)
            left = (column for column in condition.coefficients if self._free[column] not in more | set(chosen))
            best = self._free[max(left, key=lambda column: condition.coefficients[column] / self._costs[column])]
            more.add(best)
            self._open([best], self._hidden)

    def _condition(self, need: _Need) -> Condition | None:
        """What a choice must satisfy for the need to be met; None where what is hidden now meets it.

        By weak duality a cell goes no further than the limits that hold it, weighed as the dual solution weighs them,
        come to: they are wider where their figures are hidden, and must come to what is needed.
        """
        furthest = self._deviations.furthest(need.place, up=need.up)
        if _enough(furthest, need):
            return None
        least, widened = float(need.far), dict[int, float]()
        for place, held in enumerate(furthest.held):
            if abs(held) < TOLERANCE:
                continue
            end = held > 0
            cell = self._system.cells[place]
            column = self._column.get(cell.figure) if cell.figure else None
            if column is None:
                never = cell.figure is None or cell.figure in self._small
                least -= held * (self._hidden if never else self._shown)[place][end]
                continue
            least -= held * self._shown[place][end]
            more = held * (self._hidden[place][end] - self._shown[place][end])
            widened[column] = widened.get(column, 0) + more
        coefficients = {column: min(more, least) for column, more in widened.items() if more > TOLERANCE}
        if sum(coefficients.values()) < least - TOLERANCE:
            raise Unprotected(self._system.cells[need.place].name, "earlier_releases")
        return Condition(coefficients, least)

    def _open(self, figures: Collection[Name], limits: Sequence[tuple[float, float]]) -> None:
        for figure in figures:
            for place in self._system.figures[figure]:
                self._deviations.limit(place, *limits[place])

    def _met(self, need: _Need) -> bool:
        return _enough(self._deviations.furthest(need.place, up=need.up), need)

    def _cost(self, figures: Collection[Name]) -> int:
        return sum(self._costs[self._column[figure]] for figure in figures)


def _enough(furthest: Furthest, need: _Need) -> bool:
    return furthest.off >= need.far - TOLERANCE


def _needs(system: System) -> Iterator[_Need]:
    for place, cell in enumerate(system.cells):
        if cell.keep is None:
            continue
        if cell.keep.least < cell.count:
            yield _Need(place, False, cell.count - cell.keep.least)
        if cell.keep.most is not None and cell.keep.most > cell.count:
            yield _Need(place, True, cell.keep.most - cell.count)


def _ends(system: System, hidden: Collection[Name], reach: int) -> Sequence[tuple[float, float]]:
    """How far each count can be off, down and up, by what is said of it."""
    return [
        (max(low, -reach), min(high, reach)) for low, high in offsets(system, hidden)
    ]  # fmt: skip
