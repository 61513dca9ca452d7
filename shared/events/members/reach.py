"""What is published of who takes part beside who might."""

from shared.events.base import Event


class ReachPublished(Event, type="reach.published", service="members", key="report"):
    """Who takes part was published beside a reference population, for a period. Its counts are fetched, not told."""

    report: str
    population: str
    period: str
