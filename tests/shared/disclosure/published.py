"""Random tables as movements publish them: places in two hierarchies, broken down by a group, with all totals."""

from collections.abc import Mapping
from itertools import product

from hypothesis import strategies as st

from shared.disclosure import Counts, Method, Nest, Profile, Role, Table, ratio

Name = tuple[str, ...]
Figures = Mapping[Name, Counts]

BELOW_TEN = Profile(Method.SUPPRESS, small_below=10)
REDACTING = Profile(Method.REDACT_AND_ROUND, small_below=8, round_to=5)
MIDPOINT = Profile(Method.MIDPOINT, small_below=7, zero_is_small=False, round_to=6, hide_certain=False)

_AREAS = {"north": "ab", "south": "cd", "town": "ac", "country": "bd"}
_HIERARCHIES = (("north", "south"), ("town", "country"))
_COUNT = st.one_of(st.integers(0, 12), st.integers(0, 60), st.integers(0, 400))


@st.composite
def figures(draw: st.DrawFn) -> Figures:
    """Every figure of four places, their two pairs of areas and the whole, by one, two or no groups and together."""
    groups = [f"g{number}" for number in range(draw(st.sampled_from([0, 2, 3])))] or ["all"]
    of_ratio = draw(st.booleans())
    found: dict[Name, Counts] = {}
    for place, group in product("abcd", groups):
        with_it, without = draw(_COUNT), draw(_COUNT)
        found[place, group] = ratio(with_it, with_it + without) if of_ratio else {Role.COUNT: with_it}
    for whole, parts in (*_AREAS.items(), ("whole", "abcd")):
        for group in groups:
            found[whole, group] = _sum([found[part, group] for part in parts])
    if groups != ["all"]:
        for place in [*"abcd", *_AREAS, "whole"]:
            found[place, "all"] = _sum([found[place, group] for group in groups])
    return found


def nests(found: Figures) -> list[Nest]:
    """Every sum that holds among the figures, of those that are there."""
    groups = list(dict.fromkeys(group for _, group in found if group != "all"))
    candidates = [Nest((place, "all"), tuple((place, group) for group in groups), True)
                  for place in dict.fromkeys(place for place, _ in found) if groups]  # fmt: skip
    for group in dict.fromkeys(group for _, group in found):
        candidates += [Nest((area, group), tuple((p, group) for p in parts), True) for area, parts in _AREAS.items()]
        candidates += [Nest(("whole", group), tuple((a, group) for a in areas), True) for areas in _HIERARCHIES]
    return [
        Nest(nest.whole, there, len(there) == len(nest.parts))
        for nest in candidates
        if nest.whole in found and (there := tuple(part for part in nest.parts if part in found))
    ]


def table(found: Figures, profile: Profile, hidden: frozenset[Name] = frozenset()) -> Table:
    """The figures as one table, a total being worth what it holds."""
    worth = {name: 1 + max(counts.values()) for name, counts in found.items()}
    return Table(found, nests(found), profile, worth=worth, hidden=hidden)


def _sum(parts: list[Counts]) -> Counts:
    return {role: sum(part[role] for part in parts) for role in parts[0]}
