"""What the grants service publishes, a module for each of its nouns: ids and money, never words.

Importing this enters every one of its events in the contract.
"""

from shared.events.grants import (
    agreements,
    applications,
    awards,
    checks,
    decisions,
    delegations,
    erasures,
    finances,
    funds,
    imports,
    ledger,
    payees,
    payments,
    repayments,
    reports,
    reviews,
    rounds,
    support,
)

__all__ = [
    "agreements",
    "applications",
    "awards",
    "checks",
    "decisions",
    "delegations",
    "erasures",
    "finances",
    "funds",
    "imports",
    "ledger",
    "payees",
    "payments",
    "repayments",
    "reports",
    "reviews",
    "rounds",
    "support",
]
