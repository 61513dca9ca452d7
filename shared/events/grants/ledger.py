"""What the grants service tells of its ledger."""

from shared.events.base import Event


class LedgerYearClosed(Event, type="ledger_year.closed", service="grants", key="year"):
    """A financial year was closed: nothing is dated on its last day, an ISO date, or before that any more."""

    year: str
    ends_on: str
