"""What money may be spent on, in machine form: where, on which sort of group, on which theme."""

from services.grants.funds.models import Fund, OutsidePurpose
from services.grants.rounds.rules import StoredEligibility


def hold_to_fund(fund: Fund, bound: StoredEligibility) -> None:
    """Raise :class:`OutsidePurpose` where money that is bound like this could not be spent on anything of the fund."""
    allowed = fund.restrictions
    pairs = (
        ("places", allowed["places"], bound["places"]),
        ("kinds", allowed["kinds"], bound["kinds"]),
        ("themes", allowed["themes"], bound["themes"]),
    )
    apart = [name for name, only, asked in pairs if only and asked and not set(only) & set(asked)]
    if apart:
        raise OutsidePurpose("its funder bound it to what that fund is not for", outside=", ".join(apart))


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
