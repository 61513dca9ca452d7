"""Holding a group to what its round is for: plainly met, plainly not, or for a person to say."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from services.grants.rounds.rules import StoredEligibility


class Rule(StrEnum):
    """The rules of a round by which an application may be ineligible."""

    PLACE = "place"
    KIND = "kind"
    THEME = "theme"
    DUPLICATE = "duplicate"
    PURPOSE = "purpose"


class Standing(StrEnum):
    """Whether a rule is met; unknown where what the group said does not tell."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"


class Finding(NamedTuple):
    """How an application stands to one rule of its round."""

    rule: Rule
    standing: Standing


def findings(rules: StoredEligibility, *, place: str | None, kind: str | None, theme: str | None) -> list[Finding]:
    """How a group stands to each rule that its round has."""
    asked: tuple[tuple[Rule, list[str], Standing], ...] = (
        (Rule.PLACE, rules["places"], _place(rules["places"], place)),
        (Rule.KIND, rules["kinds"], _word(rules["kinds"], kind)),
        (Rule.THEME, rules["themes"], _word(rules["themes"], theme)),
    )
    return [Finding(rule, standing) for rule, listed, standing in asked if listed]


def unmet(found: Sequence[Finding]) -> list[Rule]:
    """The rules that are plainly not met."""
    return [finding.rule for finding in found if finding.standing == Standing.UNMET]


def _word(listed: Sequence[str], said: str | None) -> Standing:
    if said is None:
        return Standing.UNKNOWN
    return Standing.MET if said in listed else Standing.UNMET


def _place(listed: Sequence[str], said: str | None) -> Standing:
    """A ward may lie in a district that is listed: only among areas of one sort, which the first three signs of a GSS
    code tell, is one that is not listed outside."""
    if said is None:
        return Standing.UNKNOWN
    if said in listed:
        return Standing.MET
    return Standing.UNMET if all(code[:3] == said[:3] for code in listed) else Standing.UNKNOWN
