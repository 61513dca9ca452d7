"""Drilling down: what each place within a place comes to, from the figures of the smaller places in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.analysis.model import Added, Asked
from services.measures.geography import domain as geography
from services.measures.measures import domain as measures
from services.measures.measures.models import Kind, Measure, MeasureVersion
from services.measures.measures.rollups import Over, RollUp, rule_of
from services.measures.observations.amounts import plain
from services.measures.observations.models import Amount, FigureStatus
from services.measures.periods import Period
from services.measures.places.domain import read_place
from services.measures.places.models import Place, PlaceRow
from services.measures.rollups.adding import Rule, components, roll_up
from services.measures.rollups.domain import Ambiguous
from services.measures.rollups.wholes import day_of
from services.measures.series import points
from services.measures.series.domain import period_of
from services.measures.series.points import Reading
from shared.db.session import seen_by
from shared.errors import Fault, Forbidden, Invalid
from shared.partners.answering import every_id, today

_NOT_THERE = Amount(FigureStatus.NOT_COLLECTED, None, None, None, None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures: those of the places of a kind (`of`), added up for each place directly within `place`."""

    place: str
    of: str
    period: str
    hierarchy: str
    cell: str
    version: str | None
    reporter: str | None
    programme: str
    activity: str


class Ground(NamedTuple):
    """What is asked for, once the store has been asked: the definition, and by place the smaller ones in it."""

    measure: Measure
    version: MeasureVersion
    place: Place
    period: Period
    within: Sequence[PlaceRow]
    owned: Mapping[str, Sequence[str]]

    def asked(self, movement: str, wanted: Wanted) -> Asked:
        """The same as the question to the read model."""
        return Asked(
            movement, self.version.id, self.period.start.isoformat(), wanted.cell, wanted.programme, wanted.activity,
            wanted.reporter, self.owned, components(self.rule),
        )  # fmt: skip

    @property
    def rule(self) -> Rule:
        """How the version rolls up over places."""
        return Rule(Kind(self.version.kind), rule_of(self.version.roll_ups, Over.PLACE), distinct=False)


class Row(NamedTuple):
    """A place, what its parts come to, and how many of them there should be and are."""

    place: PlaceRow
    amount: Amount
    reading: Reading
    expected: int
    present: int


def ground_of(session: Session, movement: str, measure: str, wanted: Wanted) -> Ground:
    """The definition and the places.

    Raises NotFound, NotPublished, RollUpRefused, Forbidden for the figures of others, and Invalid for a period of
    another type or a place that has no such places in it.
    """
    found, version = measures.definition_to_read(session, movement, measure, wanted.version)
    _inside(session, movement, wanted.reporter)
    place = read_place(session, movement, wanted.place)
    period = period_of(version, "period", wanted.period)
    if period is None:
        raise Invalid(faults=[Fault("?period", "is missing", "missing")])
    if rule_of(version.roll_ups, Over.PLACE) is RollUp.NONE:
        roll_up([], Over.PLACE, Rule(Kind(version.kind), RollUp.NONE, distinct=False))
    day = day_of(version, period) or today(session, movement)
    within = geography.children(session, movement, place.code, wanted.hierarchy, day)
    owned = geography.owned(session, [child.code for child in within], wanted.of, wanted.hierarchy, day)
    if not owned:
        raise Invalid(faults=[Fault("?of", "no place of this kind lies in it on that day", "no_parts")])
    return Ground(found, version, place, period, within, owned)


def _inside(session: Session, movement: str, reporter: str | None) -> None:
    """Raise Forbidden for an organisation that asks for more than its own: sums of others' would tell theirs."""
    organisation = seen_by(session)
    if organisation is not None and reporter not in every_id(session, movement, organisation):
        raise Forbidden("an organisation drills down into its own figures alone: name it as the reporter")


def rows(ground: Ground, totals: Mapping[str, Sequence[Added]]) -> list[Row]:
    """Each place within, in the order of codes. Raises Ambiguous, and RollUpRefused where components are missing."""
    rule, unit = ground.rule, ground.version.unit
    for added in totals.values():
        if len({reporter for each in added for reporter in (each.first_reporter, each.last_reporter)}) > 1:
            raise Ambiguous(faults=[Fault("?reporter", "several have figures here", "ambiguous")])
    answered = []
    for place in ground.within:
        reported = [each for each in totals.get(place.code, ()) if each.status is FigureStatus.REPORTED]
        present, parts = sum(each.figures for each in reported), len(ground.owned.get(place.code, ()))
        missing = [_NOT_THERE] if present < parts or not present else []
        whole = roll_up([*map(_amount, reported), *missing], Over.PLACE, rule).amount or _NOT_THERE
        answered.append(Row(place, whole, points.read(whole, rule.kind, unit), parts, present))
    return answered


def _amount(added: Added) -> Amount:
    """Figures that were added up as one, which rolls up by the same rules as figures that are added one by one."""
    value, sum_x, sum_x2 = (
        None if part is None else plain(format(part, "f")) for part in (added.value, added.sum_x, added.sum_x2)
    )
    return Amount(added.status, value, added.numerator, added.denominator, added.n, sum_x, sum_x2, added.bound)
