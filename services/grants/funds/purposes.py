"""What money may be spent on, in machine form: where, on which sort of group, on which theme."""

from collections.abc import Callable, Set

from sqlalchemy.orm import Session

from services.grants.funds.models import Fund, OutsidePurpose
from services.grants.places.nesting import Nesting
from services.grants.rounds.rules import StoredEligibility

Outside = Callable[[Set[str], Set[str]], object]
"""Whether what is asked is outside of what alone is allowed."""


def hold_to_fund(session: Session, fund: Fund, bound: StoredEligibility) -> None:
    """Raise :class:`OutsidePurpose` where money that is bound like this could not be spent on anything of the fund."""
    areas = Nesting(session, fund.movement, [*fund.restrictions["places"], *bound["places"]])
    only, asked = set(fund.restrictions["places"]), set(bound["places"])
    apart = _outside(fund, bound, lambda only, words: words and not only & words)
    if only and asked and not (only & areas.any_of(asked) or asked & areas.any_of(only)):
        apart.insert(0, "places")
    if apart:
        raise OutsidePurpose("its funder bound it to what that fund is not for", outside=", ".join(apart))


def hold_to_purpose(session: Session, fund: Fund, eligibility: StoredEligibility) -> None:
    """Raise :class:`OutsidePurpose` where a round is open to more than its fund may be spent on.

    A ward is within the fund's district once it was learnt that it lies there.
    """
    only, open_to = set(fund.restrictions["places"]), eligibility["places"]
    areas = Nesting(session, fund.movement, open_to)
    wider = _outside(fund, eligibility, lambda only, words: not words or words - only)
    if only and (not open_to or not all(areas(place) & only for place in open_to)):
        wider.insert(0, "places")
    if wider:
        raise OutsidePurpose("the round is open to more than its fund is for", outside=", ".join(wider))


def _outside(fund: Fund, asked: StoredEligibility, outside: Outside) -> list[str]:
    """Which of kinds and themes are outside of what the fund is for."""
    allowed = fund.restrictions
    pairs = (("kinds", allowed["kinds"], asked["kinds"]), ("themes", allowed["themes"], asked["themes"]))
    return [name for name, only, words in pairs if only and outside(set(only), set(words))]
