"""Disclosure control: what may be shown of counts of people, so that no small group shows. Pure: no I/O, no clock.

Two ways. **Rounding** (:mod:`.rounding`) changes every count and makes totals of the changed ones. **Suppression**
(:mod:`.suppression`) keeps exact counts and takes out the small ones, and with them the cheapest others, for a total
less its other parts would tell them. Of both :mod:`.attack` works out all that a reader could, from the table, its
profile and everything published before, and nothing is shown unless that is too little.
"""

from shared.disclosure.attack import attack, told
from shared.disclosure.profiles import (
    BELOW_TEN,
    MIDPOINT_SIX,
    REDACT_TO_SEVEN_ROUND_TO_FIVE,
    Method,
    Midpoint,
    Profile,
    Redacting,
)
from shared.disclosure.rounding import Rounded, rounded
from shared.disclosure.rules import Role
from shared.disclosure.suppression import Plan, Unprotected, protect
from shared.disclosure.systems import Cell, Equation, Limits, System
from shared.disclosure.tables import Counts, Nest, Table, published, ratio, system_of

__all__ = [
    "BELOW_TEN",
    "MIDPOINT_SIX",
    "REDACT_TO_SEVEN_ROUND_TO_FIVE",
    "Cell",
    "Counts",
    "Equation",
    "Limits",
    "Method",
    "Midpoint",
    "Nest",
    "Plan",
    "Profile",
    "Redacting",
    "Role",
    "Rounded",
    "System",
    "Table",
    "Unprotected",
    "attack",
    "protect",
    "published",
    "ratio",
    "rounded",
    "system_of",
    "told",
]
