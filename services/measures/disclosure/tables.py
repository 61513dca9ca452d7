"""From a version's figures to the table that disclosure control protects, and back to figures as they are shown. Pure.

Figures of one period, reporter, programme and activity lie in one another: those of places in those of the places
around them, in every hierarchy, and those of categories in that of everybody. Where true counts of parts come to more
than the whole (somebody is in two of them), nothing follows from them and they are left apart.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from msgspec.structs import replace

from services.measures.measures.models import RATIO_UNITS, Kind, MeasureVersion
from services.measures.measures.schemes import Dimension
from services.measures.observations.models import EVERYBODY, Amount, FigureStatus
from services.measures.series.store import Known
from shared.disclosure import Counts, Method, Nest, Profile, Role, Table, published, ratio

Name = tuple[str, ...]
"""Place, first day of the period, cell, reporter, programme, activity."""

_PLACE, _START, _CELL, _REPORTER = 0, 1, 2, 3

WITHHELD = Amount(FigureStatus.SUPPRESSED, None, None, None, None)
"""What is shown of a figure that is not."""


class Hierarchy(Protocol):
    """A way in which places lie in one another on a day: in what, the nearest first, and what lies directly in one."""

    def around(self, place: str, day: date) -> Sequence[str]: ...

    def within(self, place: str, day: date) -> Collection[str]: ...


def name_of(figure: Known) -> Name:
    """What a figure is called, whatever its version: another version's figures are of the same people."""
    return figure.place, figure.start, figure.cell, figure.reporter, figure.programme, figure.activity


def table_of(
    figures: Sequence[Known],
    version: MeasureVersion,
    profile: Profile,
    hierarchies: Sequence[Hierarchy],
    today: date | None = None,
) -> Table:
    """The figures whose counts are known, and what of them lies in what: on the last day of their period, or `today`
    where they are of today's places, reckoned back."""
    counted: dict[Name, Counts] = {}
    for figure in figures:
        counts = counts_of(figure.amount, version)
        if counts is not None:
            counted[name_of(figure)] = counts
    days = {figure.start: today or date.fromisoformat(figure.end) for figure in figures}
    nests = [
        *(nest for hierarchy in hierarchies for nest in _of_places(counted, hierarchy, days)),
        *_of_cells(counted, version.scheme),
    ]
    worth = {name: 1 + max(counts.values()) for name, counts in counted.items()}
    areas = frozenset(name for name in counted if name[_CELL] == EVERYBODY)
    return Table(counted, nests, profile, areas, worth)


def counts_of(amount: Amount, version: MeasureVersion) -> Counts | None:
    """The counts of people behind a figure; None where there is none, or nobody knows of how many it speaks.

    A percentage that was published with its base alone tells how many have it, to the nearest person.
    """
    if amount.status is not FigureStatus.REPORTED:
        return None
    kind, value = Kind(version.kind), None if amount.value is None else Decimal(amount.value)
    if kind is Kind.RATIO:
        base = amount.denominator if amount.denominator is not None else amount.n
        if base is None:
            return None
        if amount.numerator is not None:
            return ratio(amount.numerator, base)
        return None if value is None else ratio(min(base, round(value * base / RATIO_UNITS[version.unit])), base)
    if amount.n is not None:
        return {Role.BASE: amount.n}
    if kind in (Kind.FLOW, Kind.STOCK, Kind.DISTRIBUTION) and value is not None and value >= 0 and value % 1 == 0:
        return {Role.COUNT: int(value)}
    return None


def shown(figures: Sequence[Known], table: Table) -> list[Amount]:
    """Each figure as a table shows it that hides what its `hidden` says."""
    printed = published(table)
    return [_shown(figure, printed, table.profile) for figure in figures]


def _shown(figure: Known, printed: Mapping[Name, Counts | None], profile: Profile) -> Amount:
    amount = figure.amount
    if profile.method is Method.OPEN or amount.status is not FigureStatus.REPORTED:
        return amount
    counts = printed.get(name_of(figure))
    if counts is None:
        return WITHHELD
    if profile.method is Method.SUPPRESS:
        return amount
    if Role.COUNT in counts:
        return replace(amount, value=str(counts[Role.COUNT]))
    if Role.NUMERATOR in counts:
        base = counts[Role.BASE]
        n = None if amount.n is None else base
        return replace(amount, value=None, numerator=counts[Role.NUMERATOR], denominator=base, n=n)
    return replace(amount, n=counts[Role.BASE], sum_x=None, sum_x2=None)


def _of_places(counted: Mapping[Name, Counts], hierarchy: Hierarchy, days: Mapping[str, date]) -> Iterator[Nest]:
    for about, by_place in _alike(counted, _PLACE).items():
        day = days[about[_START]]
        lying: defaultdict[str, list[str]] = defaultdict(list)
        for place in by_place:
            around = next((code for code in hierarchy.around(place, day) if code in by_place), None)
            if around is not None:
                lying[around].append(place)
        for whole, parts in lying.items():
            complete = set(parts) == set(hierarchy.within(whole, day))
            yield Nest(by_place[whole], tuple(by_place[part] for part in sorted(parts)), complete)


def _of_cells(counted: Mapping[Name, Counts], scheme: Sequence[Dimension]) -> Iterator[Nest]:
    known = {dimension["key"]: dimension for dimension in scheme}
    for by_cell in _alike(counted, _CELL).values():
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for cell in by_cell:
            parts = [] if cell == EVERYBODY else cell.split(";")
            for part in parts:
                whole = ";".join(other for other in parts if other != part) or EVERYBODY
                if whole in by_cell:
                    found[whole, part.partition("=")[0]].append(cell)
        for (whole, dimension), cells in found.items():
            of = known.get(dimension)
            complete = of is not None and of["exhaustive"] and len(cells) == len(of["categories"])
            yield Nest(by_cell[whole], tuple(by_cell[cell] for cell in sorted(cells)), complete)


def _alike(counted: Mapping[Name, Counts], apart_from: int) -> Mapping[Name, Mapping[str, Name]]:
    """The figures that differ in one part of their name alone, and are counts of the same sort, by that part.

    Where each is of one reporter, they are taken together whoever reports which: one reports the whole, others parts.
    """
    found: defaultdict[Name, defaultdict[str, list[Name]]] = defaultdict(lambda: defaultdict(list))
    for name, counts in counted.items():
        rest = tuple("" if place in (apart_from, _REPORTER) else part for place, part in enumerate(name))
        found[*rest, *sorted(counts)][name[apart_from]].append(name)
    alike: dict[Name, Mapping[str, Name]] = {}
    for rest, by_part in found.items():
        if all(len(names) == 1 for names in by_part.values()):
            alike[rest] = {part: names[0] for part, names in by_part.items()}
            continue
        for reporter in sorted({name[_REPORTER] for names in by_part.values() for name in names}):
            own = {part: name for part, names in by_part.items() for name in names if name[_REPORTER] == reporter}
            alike[*rest, reporter] = own
    return alike
