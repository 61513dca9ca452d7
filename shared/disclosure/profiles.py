"""The profiles: which rule of which publisher is followed. A row chooses; none of them is the only one."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Redacting:
    """Counts up to ``up_to`` are not shown, zero among them, and others are rounded to multiples of ``to``."""

    up_to: int
    to: int


@dataclass(frozen=True, slots=True)
class Midpoint:
    """Counts are shown as the middle of the group of ``of`` that they fall into; zero stays zero."""

    of: int


class Method(StrEnum):
    """How counts are kept from telling: exact ones hidden, all of them rounded, or nothing, for all are public."""

    SUPPRESS = "suppress"
    REDACT_AND_ROUND = "redact_and_round"
    MIDPOINT = "midpoint"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Profile:
    """One version of a rule.

    A count below `small_below` is small, zero where `zero_is_small`. Others are rounded to `round_to` (of the midpoint
    rule: the size of the groups). `hide_certain`: that nobody or everybody of a base has something (0 % and 100 %) is
    not shown. A figure of a group with fewer people asked than `least_base`, or of a whole area with fewer than
    `least_area_base`, is not shown.
    """

    method: Method
    small_below: int = 0
    zero_is_small: bool = True
    round_to: int = 1
    hide_certain: bool = True
    least_base: int = 0
    least_area_base: int = 0

    def small(self, *, certain: bool = False) -> range:
        """The counts that are small; `certain` where none of it makes the rest of its base certain."""
        zero = (self.zero_is_small and self.small_below > 0) or (certain and self.hide_certain)
        return range(0 if zero else 1, max(self.small_below, 1 if zero else 0))


REDACT_TO_SEVEN_ROUND_TO_FIVE = Redacting(7, 5)
"""NHS England's rule for hospital statistics: 1 to 7 redacted, others rounded to 5. Here zero goes with them."""

MIDPOINT_SIX = Midpoint(6)
"""OpenSAFELY's rule: midpoint 6 rounding."""

BELOW_TEN = Profile(Method.SUPPRESS, small_below=10)
"""Counts below ten, zero among them, are suppressed: what many public bodies ask of exact tables."""
