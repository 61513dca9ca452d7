"""The profiles: which rule of which publisher is followed. A setting or a row chooses; none of them is the only one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Redacting:
    """Counts up to ``up_to`` are not shown, zero among them, and others are rounded to multiples of ``to``."""

    up_to: int
    to: int


@dataclass(frozen=True, slots=True)
class Midpoint:
    """Counts are shown as the middle of the group of ``of`` that they fall into; zero stays zero."""

    of: int


REDACT_TO_SEVEN_ROUND_TO_FIVE = Redacting(7, 5)
"""NHS England's rule for hospital statistics: 1 to 7 redacted, others rounded to 5. Here zero goes with them."""

MIDPOINT_SIX = Midpoint(6)
"""OpenSAFELY's rule: midpoint 6 rounding."""

BELOW_TEN = 10
"""Counts below ten, zero among them, are suppressed: what many public bodies ask of exact tables."""
