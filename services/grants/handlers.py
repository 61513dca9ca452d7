"""What this service does when others tell of something: erasures, and rounds that people's wishes suggest."""

from sqlalchemy import orm

from services.grants import erasing
from services.grants.people import handlers as people
from services.grants.reports import handlers as reports
from services.grants.suggestions import domain as suggestions
from shared.consumer import Handler
from shared.events.base import Event, Received
from shared.events.members.erasures import ErasureAdmitted
from shared.events.members.voices import RoundSuggested

CONSUMER = "grants"


def on_round_suggested(session: orm.Session, received: Received, event: RoundSuggested) -> None:
    """Have the worker draft it."""
    suggestions.note(session, received, event.suggestion, event.wishes)


HANDLERS: dict[type[Event], Handler] = {
    ErasureAdmitted: erasing.on_erasure_admitted,
    RoundSuggested: on_round_suggested,
    **people.HANDLERS,
    **reports.HANDLERS,
}
