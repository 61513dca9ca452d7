"""The chart of accounts and the kinds of entries: data that the ledger, its export and its guide are made from.

Pence are positive on the debit side and negative on the credit side, as in beancount.
"""

from dataclasses import dataclass
from enum import StrEnum


class Account(StrEnum):
    """The accounts that every fund has."""

    BANK = "bank"
    PROMISED = "promised"
    REPAYMENTS_DUE = "repayments_due"
    GRANTS_PAYABLE = "grants_payable"
    CARRIED_FORWARD = "carried_forward"
    TRANSFERS = "transfers"
    CONTRIBUTIONS = "contributions"
    GRANTS = "grants"
    MANAGEMENT_FEE = "management_fee"
    WRITTEN_OFF = "written_off"


class Side(StrEnum):
    """On which side of nothing an account's balance must stay, for the other side would be money that is not there."""

    DEBIT = "debit"
    CREDIT = "credit"
    EITHER = "either"


@dataclass(frozen=True, slots=True)
class Described:
    """What an account is: its name in beancount, the side that its balance must stay on, and whether a year ends it."""

    beancount: str
    name: str
    side: Side = Side.EITHER
    ends_with_the_year: bool = False


CHART: dict[Account, Described] = {
    Account.BANK: Described("Assets:Bank", "money that has cleared and is still here", Side.DEBIT),
    Account.PROMISED: Described("Assets:Promised", "what funders promised and have not sent yet", Side.DEBIT),
    Account.REPAYMENTS_DUE: Described("Assets:Repayments-Due", "what groups are asked to pay back", Side.DEBIT),
    Account.GRANTS_PAYABLE: Described("Liabilities:Grants-Payable", "accepted awards, not paid yet", Side.CREDIT),
    Account.CARRIED_FORWARD: Described("Equity:Carried-Forward", "what the years that ended left"),
    Account.TRANSFERS: Described("Equity:Transfers", "moved between funds"),
    Account.CONTRIBUTIONS: Described("Income:Contributions", "what funders give", ends_with_the_year=True),
    Account.GRANTS: Described("Expenses:Grants", "what is awarded to groups", ends_with_the_year=True),
    Account.MANAGEMENT_FEE: Described("Expenses:Management-Fee", "taken for running it", ends_with_the_year=True),
    Account.WRITTEN_OFF: Described("Expenses:Written-Off", "repayments that will not come", ends_with_the_year=True),
}


def on(side: Side) -> list[str]:
    """The accounts whose balance must stay on this side."""
    return [account.value for account, described in CHART.items() if described.side == side]


class Restriction(StrEnum):
    """Whose purposes bind the money of a line: its funder's, nobody's, or none yet, for it is not known whose it is."""

    RESTRICTED = "restricted"
    UNRESTRICTED = "unrestricted"
    UNALLOCATED = "unallocated"


class Kind(StrEnum):
    """What an entry tells of."""

    CONTRIBUTION_PROMISED = "contribution_promised"
    PROMISE_REDUCED = "promise_reduced"
    CONTRIBUTION_CLEARED = "contribution_cleared"
    CONTRIBUTION_RETURNED = "contribution_returned"
    MANAGEMENT_FEE_TAKEN = "management_fee_taken"
    AWARD_ACCEPTED = "award_accepted"
    AWARD_INCREASED = "award_increased"
    AWARD_REDUCED = "award_reduced"
    AWARD_CANCELLED = "award_cancelled"
    AWARD_LAPSED = "award_lapsed"
    AWARD_UNDERSPENT = "award_underspent"
    PAYMENT_PAID = "payment_paid"
    PAYMENT_RETURNED = "payment_returned"
    REPAYMENT_REQUESTED = "repayment_requested"
    REPAYMENT_RECEIVED = "repayment_received"
    REPAYMENT_WRITTEN_OFF = "repayment_written_off"
    MOVED_BETWEEN_FUNDS = "moved_between_funds"
    YEAR_CLOSED = "year_closed"
    REVERSAL = "reversal"


RELEASES = frozenset({Kind.AWARD_REDUCED, Kind.AWARD_CANCELLED, Kind.AWARD_LAPSED, Kind.AWARD_UNDERSPENT})
"""The kinds that give up money which an accepted award was still to be paid."""
