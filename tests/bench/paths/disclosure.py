"""A suppression plan of 203 counts with all their totals and two hierarchies, and its attack: what a check waits for.

Each of 21 places lies in one of four districts and in one of three areas; six groups add up to everybody. A sixth of
the counts of a group in a place are small.
"""

import random
import time
from collections.abc import Iterator, Sequence
from itertools import product

from shared.disclosure import BELOW_TEN, Counts, Nest, Role, Table, protect, system_of
from tests.bench.ground import Ground
from tests.bench.rows import Row, at_most
from tests.bench.turns import percentile

_TABLES = 9
_PLACES, _GROUPS = 21, 6
_MOST = 1.0
"""Seconds that a plan of 200 cells may take."""

Name = tuple[str, ...]


async def measure(_: Ground) -> Sequence[Row]:
    """Seconds a plan, the tables being different ones."""
    seconds = []
    for seed in range(_TABLES):
        table = _table(random.Random(seed))
        began = time.perf_counter()
        protect(system_of(table))
        seconds.append(time.perf_counter() - began)
    of = f"{len(_table(random.Random(0)).figures)} cells"
    return [
        at_most(f"suppression plan, {of}, p50", percentile(seconds, 0.5), "s", most=_MOST),
        at_most(f"suppression plan, {of}, slowest", max(seconds), "s", most=_MOST),
    ]


def _table(chance: random.Random) -> Table:
    places, groups = [f"p{number}" for number in range(_PLACES)], [f"g{number}" for number in range(_GROUPS)]
    counts: dict[Name, int] = {
        (place, group): chance.randrange(10) if chance.random() < 1 / 6 else chance.randrange(10, 400)
        for place, group in product(places, groups)
    }
    lying = list(_lying(places))
    for group in groups:
        for whole, parts in lying:
            counts[whole, group] = sum(counts[part, group] for part in parts)
    everywhere = [*places, *dict.fromkeys(whole for whole, _ in lying)]
    for place in everywhere:
        counts[place, "all"] = sum(counts[place, group] for group in groups)
    nests = [Nest((place, "all"), tuple((place, group) for group in groups), True) for place in everywhere]
    nests += [
        Nest((whole, group), tuple((part, group) for part in parts), True)
        for group in (*groups, "all")
        for whole, parts in lying
    ]
    figures: dict[Name, Counts] = {name: {Role.COUNT: count} for name, count in counts.items()}
    return Table(figures, nests, BELOW_TEN, worth={name: 1 + count for name, count in counts.items()})


def _lying(places: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Each whole and its parts, the parts before what they are parts of."""
    for kind, many in (("district", 4), ("area", 3)):
        wholes = [f"{kind}{number}" for number in range(many)]
        for number, whole in enumerate(wholes):
            in_turn = places[number::many] if kind == "district" else places[number * 7 : number * 7 + 7]
            yield whole, in_turn
        yield "all", wholes
