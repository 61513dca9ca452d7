"""What this service does when grants tells that it accepted a report: it has the worker take it."""

from sqlalchemy import orm

from services.measures.grant_reports import domain
from shared.consumer import Handler
from shared.events.base import Event, Received
from shared.events.grants.reports import GrantReportAccepted


def on_report_accepted(session: orm.Session, received: Received, event: GrantReportAccepted) -> None:
    """Have the worker take it, if there is anything to take."""
    if event.figures or event.story:
        domain.note(session, received, event.report, event.award)


CONSUMER = "measures_grant_reports"
HANDLERS: dict[type[Event], Handler] = {GrantReportAccepted: on_report_accepted}
