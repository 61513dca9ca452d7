"""Holding a group to what its round is for: plainly met, plainly not, or for a person to say."""

from collections.abc import Sequence, Set
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


def findings(rules: StoredEligibility, *, areas: Set[str], kind: str | None, theme: str | None) -> list[Finding]:
    """How a group stands to each rule that its round has; ``areas`` are its place and all that this lies in."""
    asked: tuple[tuple[Rule, list[str], Standing], ...] = (
        (Rule.PLACE, rules["places"], _place(rules["places"], areas)),
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


def _place(listed: Sequence[str], areas: Set[str]) -> Standing:
    """A ward that lies in a district which is listed is inside. It is outside where for each that is listed another
    area of the same sort is known, which the first three signs of a GSS code tell: it lies in that one."""
    if areas & set(listed):
        return Standing.MET
    sorts = {code[:3] for code in areas}
    return Standing.UNMET if areas and all(code[:3] in sorts for code in listed) else Standing.UNKNOWN
