"""A reader with a solver of their own (scipy's), who has what was published and knows the profile, and nothing of ours.

They set up their equations from the tables as printed: which figure is the sum of which, what is shown of each, and
that people are neither fewer than none nor, where a count is redacted for being small, more than that.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from scipy.optimize import linprog

from shared.disclosure import Method, Nest, Role, Table, published

Key = tuple[tuple[str, ...], Role, int]
"""A count that is the same wherever it is said: readers take what was not corrected for what it was."""


class Attacker:
    """Everything that was ever published. `knowing`: they guess right which counts are hidden for being small."""

    def __init__(self, tables: Sequence[Table], *, knowing: bool) -> None:
        self._limits: dict[Key, tuple[float, float]] = {}
        self._sums: list[tuple[Key, list[Key]]] = []
        self._knowing = knowing
        for table in tables:
            self._read(table)
        self._column = {key: column for column, key in enumerate(self._limits)}

    def range_of(self, figure: tuple[str, ...], role: Role, count: int) -> tuple[float, float]:
        """The least and the most that a count can be by all that they have."""
        column = self._column[figure, role, count]
        return -self._most(column, -1), self._most(column, 1)

    def _most(self, column: int, sign: int) -> float:
        costs = np.zeros(len(self._column))
        costs[column] = -sign
        rows = np.zeros((len(self._sums), len(self._column)))
        for number, (whole, parts) in enumerate(self._sums):
            rows[number, self._column[whole]] = -1
            for part in parts:
                rows[number, self._column[part]] += 1
        bounds = [(low, None if high == np.inf else high) for low, high in self._limits.values()]
        found = linprog(costs, A_eq=rows, b_eq=np.zeros(len(rows)), bounds=bounds, method="highs")
        if found.status == 3:
            return np.inf
        assert found.fun is not None, found.message
        return -float(found.fun)

    def _read(self, table: Table) -> None:
        shown = published(table)
        totals = {nest.whole for nest in table.nests} if table.profile.method is not Method.SUPPRESS else set()
        for figure, counts in table.figures.items():
            printed = shown[figure]
            for role, count in counts.items():
                limits = self._said(table, role, count, None if printed is None else printed[role], figure in totals)
                low, high = self._limits.get((figure, role, count), (0, np.inf))
                self._limits[figure, role, count] = max(low, limits[0]), min(high, limits[1])
            if Role.NUMERATOR in counts:
                base, *both = [(figure, role, counts[role]) for role in (Role.BASE, Role.NUMERATOR, Role.COMPLEMENT)]
                self._sums.append((base, both))
        for nest in table.nests:
            beside = {role: (name, role, count) for name, role, count in beside_of(table, nest)}
            for role, count in table.figures[nest.whole].items():
                inside: list[Key] = [(part, role, table.figures[part][role]) for part in nest.parts]
                if role in beside:
                    self._limits.setdefault(beside[role], (0, np.inf))
                    inside.append(beside[role])
                self._sums.append(((nest.whole, role, count), inside))

    def _said(self, table: Table, role: Role, count: int, printed: int | None, total: bool) -> tuple[float, float]:
        profile = table.profile
        if profile.method is Method.SUPPRESS:
            if printed is not None:
                return printed, printed
            return (0, profile.small_below) if self._knowing and count < profile.small_below else (0, np.inf)
        if total or role is Role.BASE:
            return 0, np.inf  # sums of what is printed: they say nothing that their parts do not
        if profile.method is Method.MIDPOINT:
            assert printed is not None
            return (0, 0) if printed == 0 else (printed - 2, printed + 3)
        return (0, profile.small_below - 1) if count < profile.small_below else _rounded(count)


def _rounded(count: int) -> tuple[float, float]:
    """The whole numbers that the nearest five to this one is the nearest five of."""
    alike = [other for other in range(8, count + 5) if (other + 2) // 5 == (count + 2) // 5]
    return min(alike), max(alike)


def beside_of(table: Table, nest: Nest) -> Iterator[Key]:
    """What a figure holds that none of those that lie in it hold, where there is such a thing."""
    name = ("beside", *nest.whole, *map("/".join, nest.parts))
    rest = {
        role: count - sum(table.figures[part][role] for part in nest.parts)
        for role, count in table.figures[nest.whole].items()
    }
    if not nest.complete or any(rest.values()):
        yield from ((name, role, count) for role, count in rest.items())


def small(table: Table) -> Iterator[Key]:
    """The counts of a table that are to be protected, and those that are the difference of others."""
    for figure, counts in table.figures.items():
        yield from ((figure, role, count) for role, count in counts.items() if count < table.profile.small_below)
    for nest in table.nests:
        yield from (key for key in beside_of(table, nest) if key[2] < table.profile.small_below)
