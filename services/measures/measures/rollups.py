"""What may be added up over what: the rule that a version declares for each, and which rules make sense. Pure.

A sum adds figures; recomputing adds their components and reckons the figure again (Σ numerators / Σ denominators, or a
mean from n, Σx and Σx²). A mean of rates, or a sum of them, is never offered, whatever a version would like.
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from services.measures.measures.models import Kind


class Over(StrEnum):
    """What figures differ in, and so what can be rolled up."""

    PLACE = "place"
    PERIOD = "period"
    CELL = "cell"
    REPORTER = "reporter"
    PROGRAMME = "programme"


class RollUp(StrEnum):
    """How figures become one: added, reckoned again from their components, or not at all."""

    SUM = "sum"
    RECOMPUTE = "recompute"
    NONE = "none"


RollUps = dict[Over, RollUp]

_SENSIBLE: Mapping[Kind, RollUp] = {
    Kind.FLOW: RollUp.SUM,
    Kind.STOCK: RollUp.SUM,
    Kind.RATIO: RollUp.RECOMPUTE,
    Kind.MEAN: RollUp.RECOMPUTE,
    Kind.DISTRIBUTION: RollUp.SUM,
    Kind.ORDINAL: RollUp.NONE,
    Kind.NARRATIVE: RollUp.NONE,
}
"""The one rule besides `none` that figures of a kind bear: counts add up, ratios and means do not."""


def senseless(kind: Kind, roll_ups: Mapping[Over, RollUp]) -> Iterator[tuple[Over, str]]:
    """The rules that figures of this kind do not bear, each with why not."""
    for over, rule in roll_ups.items():
        if rule is RollUp.NONE:
            continue
        if kind is Kind.STOCK and over is Over.PERIOD:
            yield over, "a stock is what there is at one time: two times do not add up"
        elif _SENSIBLE[kind] is RollUp.NONE:
            yield over, f"figures of the kind {kind} do not roll up"
        elif _SENSIBLE[kind] is not rule:
            wanted = "recompute" if rule is RollUp.SUM else "sum"
            yield over, f"figures of the kind {kind} take {wanted}, not {rule}"


def rule_of(roll_ups: Mapping[str, str], over: Over) -> RollUp:
    """The rule that a stored version has over this; none where it says nothing."""
    return RollUp(roll_ups.get(over.value, RollUp.NONE))
