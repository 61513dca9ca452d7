"""How a roll-up is answered."""

from typing import Self

from pydantic import Field

from services.measures.assessments import rolling_up
from services.measures.fields import MeasureId
from shared.fields import View


class Spread(View):
    """How many judged it to be what. There is no score, and no mean: levels are words in an order, not numbers."""

    levels: dict[str, int] = Field(description="By level, the lowest first.")
    blank: int = Field(description="How many did not judge it. That is not the lowest level.")
    elsewhere: int = Field(description="How many used a level that the framework has no longer.")

    @classmethod
    def of(cls, spread: rolling_up.Spread) -> Self:
        return cls(levels=dict(spread.levels), blank=spread.blank, elsewhere=spread.elsewhere)


class Leading(View):
    """All that leads to an element along links that are not feedback, each once."""

    elements: list[str]
    spread: Spread
    measures: list[MeasureId] = Field(description="The measures of these and of the element itself.")

    @classmethod
    def of(cls, leading: rolling_up.Leading) -> Self:
        return cls(elements=list(leading.elements), spread=Spread.of(leading.spread), measures=list(leading.measures))


class OfElement(View):
    """An element, and how it is judged."""

    element: str
    title: str
    spread: Spread
    expected: dict[str, str] = Field(description="The level that is expected, by stage.")
    measures: list[MeasureId]
    depth: int | None = Field(description="In a theory of change: the links of the longest way to it.")
    leading: Leading | None = Field(description="In a theory of change: all that leads to it.")

    @classmethod
    def of(cls, found: rolling_up.OfElement) -> Self:
        it = found.element
        return cls(
            element=it.key, title=it.title, spread=Spread.of(found.spread), expected=dict(it.expected),
            measures=list(it.measures), depth=found.depth,
            leading=None if found.leading is None else Leading.of(found.leading),
        )  # fmt: skip


class RollUp(View):
    """How assessments spread over a framework, as it is now. Of each subject and standing the newest one counts."""

    framework: str
    version: int
    assessments: int
    elements: list[OfElement] = Field(description="In the framework's order; of a theory of change, causes first.")

    @classmethod
    def of(cls, found: rolling_up.RollUp) -> Self:
        return cls(
            framework=found.framework.key, version=found.framework.version, assessments=found.assessments,
            elements=[OfElement.of(each) for each in found.elements],
        )  # fmt: skip
