"""From figures to the system that a reader has: what a profile says of each count, and which figures add up to which.

A figure is a handful of counts of one group: of a ratio those who have something, those who have not, and all of them.
Its own table, and every table that was published before, say something of it; a count is the same count wherever it is
called the same and is as high, so that whatever was said of it once is still known.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from shared.disclosure.profiles import Method, Profile
from shared.disclosure.rules import ANYTHING, Role, Said, said_of, shown_as, unpublished
from shared.disclosure.systems import Cell, Equation, Limits, Name, System

Counts = Mapping[Role, int]
"""The counts of one figure. Of a ratio all three; of a mean only the base."""

_REST = "rest"


def ratio(numerator: int, denominator: int) -> Counts:
    """The counts of a ratio, the complement among them. Raises ValueError where the numerator is more."""
    if not 0 <= numerator <= denominator:
        raise ValueError("a numerator is between none and its denominator")
    return {Role.NUMERATOR: numerator, Role.COMPLEMENT: denominator - numerator, Role.BASE: denominator}


class Nest(NamedTuple):
    """A figure and others that lie in it, none in two of them. `complete`: nothing of it lies outside of them."""

    whole: Name
    parts: tuple[Name, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Figures that are published together by one profile.

    `areas` are those of a whole area, not of a group in it; `worth` is what each is worth to readers, 1 if not said.
    `hidden` says which were hidden, in a table that was published.
    """

    figures: Mapping[Name, Counts]
    nests: Sequence[Nest]
    profile: Profile
    areas: Collection[Name] = ()
    worth: Mapping[Name, int] = field(default_factory=dict)
    hidden: frozenset[Name] = frozenset()

    def least_base(self, figure: Name) -> int:
        """The fewest people of whom a figure is shown."""
        return self.profile.least_area_base if figure in self.areas else self.profile.least_base

    def totals(self) -> Mapping[Name, Sequence[Name]]:
        """The parts of each figure that is the sum of others that are published with it; the first such sum."""
        found: dict[Name, Sequence[Name]] = {}
        for whole, parts, complete in self.nests:
            if complete and not any(self.rest(whole, parts).values()):
                found.setdefault(whole, parts)
        return found

    def rest(self, whole: Name, parts: Sequence[Name]) -> Counts:
        """What a figure holds beside others; below zero where these overlap or are of another source."""
        return {
            role: count - sum(self.figures[part].get(role, 0) for part in parts)
            for role, count in self.figures[whole].items()
        }


def system_of(table: Table, earlier: Sequence[Table] = ()) -> System:
    """All that a reader has once the table is published, given what was before. Figures keep their names in it."""
    known: dict[Name, _Known] = {}
    for each in earlier:
        for cell in _cells(each):
            known.setdefault(cell.name, _Known(cell.number)).hear(cell.said, shown=cell.figure not in each.hidden)
    for cell in _cells(table):
        known.setdefault(cell.name, _Known(cell.number)).ask(cell.said, cell.figure)
    equations = {equation: None for each in (*earlier, table) for equation in _equations(each)}
    return System([each.cell(name) for name, each in known.items()], list(equations), table.worth)


def published(table: Table) -> Mapping[Name, Counts | None]:
    """What a table says: of each figure the counts as they are shown, None where it is hidden.

    Where counts are rounded, a figure that is the sum of others is that of their rounded counts, and the base of a
    ratio that of its two; a figure with a redacted count is hidden.
    """
    if table.profile.method in (Method.SUPPRESS, Method.OPEN):
        return {name: None if name in table.hidden else counts for name, counts in table.figures.items()}
    totals = table.totals()
    made: dict[Name, Counts] = {}
    for name in table.figures:
        _round(name, table, totals, made)
    return {name: None if _redacted(name, table, made[name]) else made[name] for name in table.figures}


def _round(name: Name, table: Table, totals: Mapping[Name, Sequence[Name]], made: dict[Name, Counts]) -> Counts:
    if name not in made:
        counts = table.figures[name]
        parts = [_round(part, table, totals, made) for part in totals.get(name, ())]
        found = {
            role: sum(part.get(role, 0) for part in parts) if parts else shown_as(count, role, table.profile)
            for role, count in counts.items()
            if role is not Role.BASE or Role.NUMERATOR not in counts
        }
        if Role.NUMERATOR in counts:
            found[Role.BASE] = found[Role.NUMERATOR] + found[Role.COMPLEMENT]
        made[name] = found
    return made[name]


def _redacted(name: Name, table: Table, shown: Counts) -> bool:
    profile, counts = table.profile, table.figures[name]
    too_few = Role.BASE in shown and shown[Role.BASE] < table.least_base(name)
    if profile.method is Method.MIDPOINT:
        return too_few
    certain = Role.NUMERATOR in counts
    return too_few or any(count in profile.small(certain=certain) for count in counts.values())


class _Part(NamedTuple):
    """A count of a table, under a name that is its own as long as it is as high."""

    name: Name
    figure: Name | None
    number: int
    said: Said


def _cells(table: Table) -> Iterator[_Part]:
    totals = table.totals() if table.profile.method in (Method.REDACT_AND_ROUND, Method.MIDPOINT) else {}
    for figure, counts in table.figures.items():
        least = table.least_base(figure)
        for role, count in counts.items():
            said = said_of(count, role, table.profile, least_base=least, total=figure in totals)
            yield _Part(_named(figure, role, count), figure, count, said)
    for whole, parts, _ in _rests(table):
        for role, count in table.rest(whole, parts).items():
            yield _Part(_rest_named(whole, parts, role, table), None, count, unpublished(count, role, table.profile))


def _equations(table: Table) -> Iterator[Equation]:
    for figure, counts in table.figures.items():
        if Role.NUMERATOR in counts:
            yield _of_ratio({role: _named(figure, role, count) for role, count in counts.items()})
    rests = list(_rests(table))
    for whole, parts, complete in table.nests:
        rest = table.rest(whole, parts)
        if min(rest.values()) < 0:
            continue  # they overlap, or are not counts of the same people: nothing follows from them
        with_rest = (whole, parts, complete) in rests
        for role, count in table.figures[whole].items():
            beside = [_rest_named(whole, parts, role, table)] if with_rest else []
            inside = [_named(part, role, table.figures[part][role]) for part in parts if role in table.figures[part]]
            yield Equation(_named(whole, role, count), (*inside, *beside))
        if with_rest and Role.NUMERATOR in rest:
            yield _of_ratio({role: _rest_named(whole, parts, role, table) for role in rest})


def _rests(table: Table) -> Iterator[Nest]:
    """The nests that hold something beside their parts, or may."""
    for nest in table.nests:
        rest = table.rest(nest.whole, nest.parts).values()
        if min(rest) >= 0 and (not nest.complete or any(rest)):
            yield nest


def _of_ratio(names: Mapping[Role, Name]) -> Equation:
    return Equation(names[Role.BASE], (names[Role.NUMERATOR], names[Role.COMPLEMENT]))


def _named(figure: Name, role: Role, count: int) -> Name:
    return (*figure, role, str(count))


def _rest_named(whole: Name, parts: Sequence[Name], role: Role, table: Table) -> Name:
    """It is another rest where the whole or a part of it is another count."""
    counts = [str(table.figures[name].get(role, 0)) for name in (whole, *parts)]
    return (_REST, *whole, *("/".join(part) for part in parts), role, *counts)


@dataclass(slots=True)
class _Known:
    """What is known of a count so far, and what publishing it in the new table would add."""

    count: int
    known: Limits = ANYTHING
    keep: Limits | None = None
    new: Said | None = None
    figure: Name | None = None

    def hear(self, said: Said, *, shown: bool) -> None:
        self.known = _both(self.known, said.shown if shown else said.hidden)
        self._keep(said.keep)

    def ask(self, said: Said, figure: Name | None) -> None:
        self.new, self.figure = said, figure
        self._keep(said.keep)

    def cell(self, name: Name) -> Cell:
        if self.new is None:
            return Cell(name, self.count, self.known, self.known, self.keep)
        shown, hidden = _both(self.known, self.new.shown), _both(self.known, self.new.hidden)
        return Cell(name, self.count, shown, hidden, self.keep, self.figure)

    def _keep(self, keep: Limits | None) -> None:
        if keep is not None and self.keep is not None:
            most = None if None in (keep.most, self.keep.most) else max(keep.most or 0, self.keep.most or 0)
            keep = Limits(min(keep.least, self.keep.least), most)
        self.keep = keep or self.keep


def _both(one: Limits, other: Limits) -> Limits:
    """What is known who knows both."""
    most = [each.most for each in (one, other) if each.most is not None]
    return Limits(max(one.least, other.least), min(most) if most else None)
