"""Following the rounds of grants: which there are, which came of a suggestion, and what they take up when they open."""

from sqlalchemy.orm import Session

from services.members import days
from services.members.life.themes import store
from services.members.life.voices import domain as voices
from services.members.life.voices import store as voices_store
from services.members.life.voices.models import TakenBy


def drafted(session: Session, movement: str, round: str, suggestion: str) -> None:
    """A round was drafted for a suggestion."""
    store.know_round(session, movement, round)
    suggested = store.suggestion(session, movement, suggestion)
    if suggested is not None:
        suggested.round = round


def opened(session: Session, movement: str, round: str) -> None:
    """A round opened: it takes up the wishes that suggested it and that nobody has taken up."""
    store.know_round(session, movement, round)
    suggested = store.suggestion_of(session, movement, round)
    if suggested is not None:
        wishes = voices_store.wishes_for_change(session, movement, suggested.theme, suggested.place)
        voices.take_up_all(session, movement, wishes, TakenBy.ROUND, round)


def over(session: Session, movement: str, round: str) -> None:
    """A round is over, or was called off: wishes of later days may suggest another."""
    suggested = store.suggestion_of(session, movement, round)
    if suggested is not None and suggested.ended_on is None:
        suggested.ended_on = days.today(session, movement)
