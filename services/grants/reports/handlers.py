"""What this service does when measures tells what became of a report's figures: it says so beside each."""

from sqlalchemy import orm

from services.grants.reports import store
from services.grants.reports.models import FigureOutcome
from shared.consumer import Handler
from shared.events.base import Event, Received
from shared.events.measures.figures import GrantFigureRefused, GrantReportTaken


def on_figure_refused(session: orm.Session, received: Received, event: GrantFigureRefused) -> None:
    """Say why it was refused."""
    refused = FigureOutcome.REFUSED
    store.note_outcome(session, received.movement, event.report, refused, event.figure, event.code)


def on_report_taken(session: orm.Session, received: Received, event: GrantReportTaken) -> None:
    """Say of all the others that they were taken."""
    store.note_outcome(session, received.movement, event.report, FigureOutcome.TAKEN, None, None)


HANDLERS: dict[type[Event], Handler] = {GrantFigureRefused: on_figure_refused, GrantReportTaken: on_report_taken}
