"""How assessments spread over a framework: for each element how many judged it to be what, never one score.

Of each subject and standing the newest complete assessment counts. Blank is counted apart: it is not the lowest level.
In a theory of change an element also has the spread of all that leads to it, along the links that are not feedback.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from services.measures.assessments import store
from services.measures.assessments.domain import of_one
from services.measures.assessments.store import Chosen
from services.measures.frameworks import domain as frameworks
from services.measures.frameworks import graphs
from services.measures.frameworks.content import Element, Kind


@dataclass(frozen=True, slots=True)
class Spread:
    """How many judgements each level of the scale has, lowest first, how many are blank, and how many use a level
    that the framework has no longer."""

    levels: Mapping[str, int]
    blank: int
    elsewhere: int


@dataclass(frozen=True, slots=True)
class Leading:
    """All that leads to an element of a theory of change, each once: which, how it spreads, and what measures it."""

    elements: Sequence[str]
    spread: Spread
    measures: Sequence[str]


@dataclass(frozen=True, slots=True)
class OfElement:
    """An element with its spread; `depth` and `leading` are those of a theory of change, else None."""

    element: Element
    spread: Spread
    depth: int | None
    leading: Leading | None


@dataclass(frozen=True, slots=True)
class RollUp:
    """How so many assessments spread over the newest version of a framework."""

    framework: frameworks.Shown
    assessments: int
    elements: Sequence[OfElement]


def roll_up(
    session: Session, movement: str, framework: str, chosen: Chosen, organisation: str | None, on: str | None
) -> RollUp:
    """Spread the assessments by a framework over its elements. Raises NotFound."""
    shown = frameworks.read(session, movement, framework)
    counted = store.latest(session, movement, of_one(session, movement, chosen, organisation), on)
    judged = store.levels(session, movement, counted)
    scale = [level.key for level in shown.content.scale]
    spreads = {element.key: _spread(element.key, scale, judged, len(counted)) for element in shown.content.elements}
    theory = shown.kind is Kind.THEORY_OF_CHANGE
    elements = (
        _of_theory(shown, spreads)
        if theory
        else [OfElement(element, spreads[element.key], None, None) for element in shown.content.elements]
    )
    return RollUp(shown, len(counted), elements)


def _spread(element: str, scale: Sequence[str], judged: Mapping[tuple[str, str], int], assessments: int) -> Spread:
    of_it = {level: count for (about, level), count in judged.items() if about == element}
    levels = {level: of_it.pop(level, 0) for level in scale}
    elsewhere = sum(of_it.values())
    return Spread(levels, assessments - sum(levels.values()) - elsewhere, elsewhere)


def _of_theory(shown: frameworks.Shown, spreads: Mapping[str, Spread]) -> list[OfElement]:
    """The elements of a theory of change, causes before effects."""
    by_key = {element.key: element for element in shown.content.elements}
    causes = graphs.causes(shown.content)
    before, depths = graphs.contributors(causes), graphs.depths(causes)
    place = {key: at for at, key in enumerate(by_key)}
    found = []
    for key in sorted(by_key, key=lambda key: (depths[key], place[key])):
        leading = sorted(before[key], key=place.__getitem__)
        measures = dict.fromkeys(measure for each in [*leading, key] for measure in by_key[each].measures)
        together = Leading(leading, _together(spreads[each] for each in leading), [*measures])
        found.append(OfElement(by_key[key], spreads[key], depths[key], together))
    return found


def _together(spreads: Iterable[Spread]) -> Spread:
    levels, blank, elsewhere = Counter[str](), 0, 0
    for spread in spreads:
        levels.update(spread.levels)
        blank, elsewhere = blank + spread.blank, elsewhere + spread.elsewhere
    return Spread(levels, blank, elsewhere)
