"""What a series is to come to and where it began: the movement's own targets and baselines, as figures need them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.measures.measures.models import Direction
from services.measures.targets import store
from services.measures.targets.models import Kind


class Aim(NamedTuple):
    """What the figure of a period is to be, or began at, in the measure's unit.

    `value` None, of a baseline, is whatever the figure of that period is.
    """

    target: str
    kind: Kind
    period: str
    start: str
    value: float | None


def aims(
    session: Session, movement: str, versions: Sequence[str], places: Sequence[str], cell: str
) -> Mapping[tuple[str, str], Sequence[Aim]]:
    """The targets and baselines of these versions at these places, by version and place, in the order of time."""
    found: defaultdict[tuple[str, str], list[Aim]] = defaultdict(list)
    for row in store.of_series(session, movement, versions, places, cell):
        value = None if row.value is None else float(row.value)
        found[row.measure_version, row.place].append(Aim(row.id, Kind(row.kind), row.period, row.period_start, value))
    return found


def met(value: float, aim: float, direction: Direction) -> bool | None:
    """Whether a figure is what it is to be, or better; None where neither side is better."""
    if direction is Direction.NEITHER:
        return None
    return value >= aim if direction is Direction.HIGHER_IS_BETTER else value <= aim
