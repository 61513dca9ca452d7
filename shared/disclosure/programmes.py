"""The two programmes that are solved, by HiGHS: how far a count can be off, and which figures are cheapest to hide.

HiGHS and numpy are imported where they are first used: a service that never protects a table never loads them. Both
programmes run on one thread and without chance, so that the same system always has the same answer.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import highspy

Row = Mapping[int, int]
"""An equation that is zero: the coefficient of each of its columns."""

WITHOUT_LIMIT = float("inf")
TOLERANCE = 1e-6
"""Below this two numbers of the solver are one; counts are whole, so nothing that matters is so small."""


class Furthest(NamedTuple):
    """How far a column can go, by which values of all columns, and how much each column's own limits hold it back.

    `off` is without limit where nothing holds it; `values` and `held` are empty then.
    """

    off: float
    values: Sequence[float]
    held: Sequence[float]

    @property
    def whole(self) -> bool:
        """Whether the values are whole numbers, as people are counted."""
        return all(abs(value - round(value)) < TOLERANCE for value in self.values)


class Deviations:
    """By how much each count could differ from the truth, all at once, with every equation still true."""

    def __init__(self, limits: Sequence[tuple[float, float]], rows: Sequence[Row], *, whole: bool = False) -> None:
        """`whole` keeps to whole numbers: slower, and what a reader knows of people."""
        import highspy

        self._solver = _solver(presolve=whole)
        for low, high in limits:
            self._solver.addVar(low, high)
        if whole:
            for column in range(len(limits)):
                self._solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)
        for row in rows:
            self._solver.addRow(0, 0, len(row), list(row), list(row.values()))
        self._solver.changeObjectiveSense(highspy.ObjSense.kMaximize)

    def limit(self, column: int, low: float, high: float) -> None:
        """Change how far a column can go."""
        self._solver.changeColBounds(column, low, high)

    def furthest(self, column: int, *, up: bool) -> Furthest:
        """How far up or down a column can go. `held` is below zero where a column's lower limit holds it back."""
        import highspy

        solver = self._solver
        solver.changeColCost(column, 1 if up else -1)
        solver.run()
        status, solution = solver.getModelStatus(), solver.getSolution()
        solver.changeColCost(column, 0)
        if status in (highspy.HighsModelStatus.kUnbounded, highspy.HighsModelStatus.kUnboundedOrInfeasible):
            return Furthest(WITHOUT_LIMIT, (), ())  # it is feasible: the truth is
        if status != highspy.HighsModelStatus.kOptimal:
            raise RuntimeError(f"HiGHS did not solve the attack: {status}")
        values = list(solution.col_value)
        return Furthest(abs(values[column]), values, list(solution.col_dual))


class Condition(NamedTuple):
    """The coefficients of the columns that are chosen come to `least` at least."""

    coefficients: Mapping[int, float]
    least: float


class Choice:
    """Which columns to choose, each for its cost, so that every condition holds."""

    def __init__(self, costs: Sequence[float]) -> None:
        import highspy

        self._solver = _solver(presolve=True)
        for column, cost in enumerate(costs):
            self._solver.addCol(cost, 0, 1, 0, [], [])
            self._solver.changeColIntegrality(column, highspy.HighsVarType.kInteger)

    def add(self, condition: Condition) -> None:
        """Hold every choice from now on to this too."""
        found = condition.coefficients
        self._solver.addRow(condition.least, WITHOUT_LIMIT, len(found), list(found), list(found.values()))

    def cheapest(self) -> frozenset[int]:
        """The columns of the cheapest choice: where all conditions are satisfiable, there is one."""
        import highspy

        self._solver.run()
        status = self._solver.getModelStatus()
        if status not in (highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kModelEmpty):
            raise RuntimeError(f"HiGHS did not solve the choice: {status}")
        return frozenset(at for at, value in enumerate(self._solver.getSolution().col_value) if value > 0.5)


def _solver(*, presolve: bool) -> "highspy.Highs":
    """Without presolve the next objective goes on from the last one's answer, which is what an attack does."""
    import highspy

    solver = highspy.Highs()
    for option, value in {
        "output_flag": False,
        "threads": 1,
        "presolve": "on" if presolve else "off",
        "mip_rel_gap": 0.02,
        # A choice is small and asked again with more conditions: to keep every cut that was ever found took a third of
        # the time and led to the same plans.
        "mip_pool_soft_limit": 50,
    }.items():
        solver.setOptionValue(option, value)
    return solver
