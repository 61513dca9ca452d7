"""The words in which a round's rules are said: how it is decided, how ties fall, what is scored, who may apply."""

from enum import StrEnum
from typing import TypedDict


class DecisionMode(StrEnum):
    """Who decides: an officer as applications come, a panel that meets, the community by vote, or a random draw."""

    OFFICER = "officer"
    PANEL = "panel"
    VOTE = "vote"
    DRAW = "draw"


class TieRule(StrEnum):
    """What parts two that stand alike: the order of the priority places and then a draw, or a draw at once.

    Never the order in which they came: who hears of a round late has often further to go.
    """

    PLACE_THEN_DRAW = "place_then_draw"
    DRAW = "draw"


class GroupKind(StrEnum):
    """What sort of group applies. One that is newly formed or has no constitution applies as any other."""

    CHARITY = "charity"
    COMPANY = "company"
    CONSTITUTED = "constituted"
    UNCONSTITUTED = "unconstituted"
    NEWLY_FORMED = "newly_formed"
    PUBLIC_BODY = "public_body"


class StoredCriterion(TypedDict):
    """One thing that reviewers score: from 0 to ``most``, counted ``weight`` times."""

    key: str
    question: str
    most: int
    weight: int


class StoredEligibility(TypedDict):
    """Where, what sort of groups and what themes a round is for; an empty list is any. Never a rung."""

    places: list[str]
    kinds: list[str]
    themes: list[str]


ANYBODY: StoredEligibility = {"places": [], "kinds": [], "themes": []}
