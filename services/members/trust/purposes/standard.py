"""The purposes for which the software itself shows and sends people's data, as they are until a movement settles them.

A movement that enters a purpose of the same key settles it: its own basis holds from then on. The list of purposes
says which of these nobody has settled yet. A purpose of the movement's own that nobody entered needs a yes throughout.
"""

from collections.abc import Mapping
from typing import NamedTuple

from services.members.directory.people.models import LawfulBasis
from services.members.trust.permissions.models import Channel
from services.members.trust.purposes.models import FurtherCondition, Rule

ADMINISTRATION = "administration"
INTRODUCTIONS = "introductions"
EXCHANGE = "exchange"
GATHERINGS = "gatherings"
SAFETY = "safety"
ASSET_MAP = "asset_map"
OPEN_DATA = "open_data"
WINS = "wins"
MONITORING = "equality_monitoring"
VOICES = "voices"
STORIES = "stories"


class Standard(NamedTuple):
    """A purpose of the software: what it is called, and what holds for it until a movement settles it."""

    name: str
    rule: Rule


_OUTSIDE = frozenset({Channel.PUBLICATION})

STANDARD: Mapping[str, Standard] = {
    each.rule.key: each
    for each in (
        Standard(
            "Keeping the movement's records and doing its everyday work with them",
            Rule(ADMINISTRATION, LawfulBasis.LEGITIMATE_INTERESTS, consent_over=_OUTSIDE),
        ),
        Standard(
            "What matters to somebody, and whom and what they are introduced to",
            Rule(INTRODUCTIONS, LawfulBasis.LEGITIMATE_INTERESTS, consent_over=_OUTSIDE),
        ),
        Standard(
            "What somebody asks for and offers, and whom they are brought together with by it",
            Rule(EXCHANGE, LawfulBasis.LEGITIMATE_INTERESTS, consent_over=_OUTSIDE),
        ),
        Standard(
            "What somebody said, and telling those who asked what became of it",
            Rule(VOICES, LawfulBasis.LEGITIMATE_INTERESTS, consent_over=_OUTSIDE),
        ),
        Standard(
            "Telling somebody of what they have a place in, in a calendar of their own too",
            Rule(GATHERINGS, LawfulBasis.CONTRACT, consent_over=_OUTSIDE),
        ),
        Standard("Keeping people safe where they meet", Rule(SAFETY, LawfulBasis.LEGAL_OBLIGATION)),
        Standard("Telling everybody what went well and who made it happen", Rule(WINS, LawfulBasis.CONSENT)),
        Standard("Telling what changed for somebody, in their own words", Rule(STORIES, LawfulBasis.CONSENT)),
        Standard("Showing on the map what somebody offers", Rule(ASSET_MAP, LawfulBasis.CONSENT)),
        Standard(
            "Seeing who is reached, by counts alone",  # Data Protection Act 2018, schedule 1, paragraph 8
            Rule(MONITORING, LawfulBasis.LEGITIMATE_INTERESTS, FurtherCondition.SUBSTANTIAL_PUBLIC_INTEREST),
        ),
        Standard("Showing in open data who leads what and pledged what", Rule(OPEN_DATA, LawfulBasis.CONSENT)),
    )
}


def rule_of(key: str) -> Rule:
    """What holds for a purpose that the movement has not entered: the software's own, else a yes throughout."""
    standard = STANDARD.get(key)
    return Rule(key, LawfulBasis.CONSENT) if standard is None else standard.rule
