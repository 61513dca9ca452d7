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
"""Several small counts can need the same other figures to make up for them."""
_ROUNDS = 5
"""Choices before the best one is taken: with several hierarchies the last few hundredths cost most of the time."""


class Unprotected(Exception):
    """No choice of figures protects the table. `cell` is one that would be told, `because` the reason in a word:

    `public` (it was shown before), or `elsewhere` (what cannot be hidden tells it: earlier releases, or counts that are
    rounded and not hidden at all).
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
            raise Unprotected(over[0].name, "elsewhere")


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
        self._needs: Sequence[_Need] = list(_needs(system))
        self._refused = False
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
            more, left = set[Name](), self._needs
            while left:
                left = _unmet(left, self._learn(left[0], chosen, more))
            self._open(chosen | more, self._shown)
            if not more:
                return self._small | chosen
            best = min(best or frozenset(chosen | more), frozenset(chosen | more), key=self._cost)
        found = best or frozenset()
        # What was refused once must not come back by leaving out what was added for it.
        return self._small | (found if self._refused else self._spared(found))

    def _spared(self, chosen: frozenset[Name]) -> frozenset[Name]:
        """Of a choice that was put together piece by piece, what is needed: the dearest that can be shown are."""
        self._open(chosen, self._hidden)
        needed = set(chosen)
        for figure in sorted(chosen, key=lambda figure: (-self._cost([figure]), figure)):
            self._open([figure], self._shown)
            if self._all_met():
                needed.remove(figure)
            else:
                self._open([figure], self._hidden)
        self._open(needed, self._shown)
        return frozenset(needed)

    def refuse(self, hidden: Collection[Name]) -> bool:
        """Hold every further choice to hide something beside this; whether there is anything."""
        self._refused = True
        others = {column: 1.0 for column, figure in enumerate(self._free) if figure not in hidden}
        if others:
            self._choice.add(Condition(others, 1))
        return bool(others)

    def _learn(self, need: _Need, chosen: Collection[Name], more: set[Name]) -> Furthest:
        """Hide more until a need is met, keeping every condition that was found on the way; how it is met."""
        while (furthest := self._furthest(need)).off < need.far - TOLERANCE:
            condition = self._condition(need, furthest)
            self._choice.add(condition)
            left = (column for column in condition.coefficients if self._free[column] not in more | set(chosen))
            best = self._free[max(left, key=lambda column: condition.coefficients[column] / self._costs[column])]
            more.add(best)
            self._open([best], self._hidden)
        return furthest

    def _condition(self, need: _Need, furthest: Furthest) -> Condition:
        """What a choice must satisfy for a need to be met that what is hidden now does not meet.

        By weak duality a cell goes no further than the limits that hold it, weighed as the dual solution weighs them,
        come to: they are wider where their figures are hidden, and must come to what is needed.
        """
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
            raise Unprotected(self._system.cells[need.place].name, "elsewhere")
        return Condition(coefficients, least)

    def _open(self, figures: Collection[Name], limits: Sequence[tuple[float, float]]) -> None:
        for figure in figures:
            for place in self._system.figures[figure]:
                self._deviations.limit(place, *limits[place])

    def _furthest(self, need: _Need) -> Furthest:
        return self._deviations.furthest(need.place, up=need.up)

    def _all_met(self) -> bool:
        left = self._needs
        while left:
            need, furthest = left[0], self._furthest(left[0])
            if furthest.off < need.far - TOLERANCE:
                self._needs = [need, *(other for other in self._needs if other is not need)]  # it may well fail again
                return False
            left = _unmet(left, furthest)
        return True

    def _cost(self, figures: Collection[Name]) -> int:
        return sum(self._costs[self._column[figure]] for figure in figures)


def _unmet(needs: Sequence[_Need], furthest: Furthest) -> Sequence[_Need]:
    """Of these needs, of which the first is met, those that the same other table does not meet."""
    off = furthest.values
    return [
        need for need in needs[1:] if (off[need.place] if need.up else -off[need.place]) < need.far - TOLERANCE
    ]  # fmt: skip


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
