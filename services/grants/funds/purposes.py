"""What money may be spent on, in machine form: where, on which sort of group, on which theme."""

from services.grants.funds.models import Fund, OutsidePurpose
from services.grants.rounds.rules import StoredEligibility


def hold_to_purpose(fund: Fund, eligibility: StoredEligibility) -> None:
    """Raise :class:`OutsidePurpose` where a round is open to more than its fund may be spent on."""
    allowed = fund.restrictions
    pairs = (
        ("places", allowed["places"], eligibility["places"]),
        ("kinds", allowed["kinds"], eligibility["kinds"]),
        ("themes", allowed["themes"], eligibility["themes"]),
    )
    wider = [name for name, only, open_to in pairs if only and (not open_to or set(open_to) - set(only))]
    if wider:
        raise OutsidePurpose("the round is open to more than its fund is for", outside=", ".join(wider))
