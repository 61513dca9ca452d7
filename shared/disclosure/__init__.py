"""Disclosure control: what may be shown of counts of people, so that no small group shows. Pure: no I/O, no clock.

Two ways. **Rounding** (:mod:`.rounding`) changes every count and makes totals of the changed ones: there is nothing
left to subtract. **Suppression** (:mod:`.suppression`) keeps exact counts and takes out the small ones, and with them
others, for a total less its other parts would tell them; then :mod:`.attack` works out all that a reader could, and
nothing is shown unless that is too little.
"""

from shared.disclosure.attack import Bounds, bounds
from shared.disclosure.profiles import BELOW_TEN, MIDPOINT_SIX, REDACT_TO_SEVEN_ROUND_TO_FIVE, Midpoint, Redacting
from shared.disclosure.rounding import Rounded, rounded
from shared.disclosure.suppression import Shown, Unprotected, protect
from shared.disclosure.tables import Cell, Table, one_way, two_way

__all__ = [
    "BELOW_TEN",
    "MIDPOINT_SIX",
    "REDACT_TO_SEVEN_ROUND_TO_FIVE",
    "Bounds",
    "Cell",
    "Midpoint",
    "Redacting",
    "Rounded",
    "Shown",
    "Table",
    "Unprotected",
    "bounds",
    "one_way",
    "protect",
    "rounded",
    "two_way",
]
