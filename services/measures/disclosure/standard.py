"""The profiles that every movement begins with: the rules of publishers, each with its source."""

from collections.abc import Mapping

from services.measures.disclosure.models import Rule
from shared.disclosure import BELOW_TEN, MIDPOINT_SIX, REDACT_TO_SEVEN_ROUND_TO_FIVE, Method, Profile

_RULES = (
    Rule(
        "below_10", 1, "Exact counts; those below 10 are hidden, zero among them", "what public bodies commonly ask of "
        "exact tables (ONS, Policy on protecting confidentiality in tables; GSS disclosure control guidance)",
        BELOW_TEN,
    ),
    Rule(
        "redact_7_round_5", 1, "1 to 7 and none redacted, others rounded to 5, totals made of rounded counts",
        "NHS England, Hospital Episode Statistics analysis guide; none is redacted with them here",
        Profile(
            Method.REDACT_AND_ROUND, small_below=REDACT_TO_SEVEN_ROUND_TO_FIVE.up_to + 1,
            round_to=REDACT_TO_SEVEN_ROUND_TO_FIVE.to,
        ),
    ),
    Rule(
        "midpoint_6", 1, "Counts as the middle of their six; none stays none", "OpenSAFELY, midpoint 6 rounding",
        Profile(
            Method.MIDPOINT, small_below=MIDPOINT_SIX.of + 1, zero_is_small=False, round_to=MIDPOINT_SIX.of,
            hide_certain=False,
        ),
    ),
    Rule(
        "survey_bases", 1, "Surveys: bases below 30 are hidden, of a whole area below 150; so are 0 % and 100 %",
        "what survey reports commonly ask for; 150 an area as in Sport England's Active Lives",
        Profile(Method.SUPPRESS, least_base=30, least_area_base=150),
    ),
    Rule(
        "open", 1, "Figures that somebody else has published already, and counts of nobody: nothing is hidden",
        "Open Government Licence and the like: for what is public", Profile(Method.OPEN, hide_certain=False),
    ),
)  # fmt: skip

STANDARD: Mapping[str, Rule] = {rule.key: rule for rule in _RULES}
"""By key. A movement enters versions of its own beside them, and they keep their number 1."""
