"""Drafting the rounds that wishes suggest. A draft holds no money, and may be changed or dropped."""

from sqlalchemy.orm import Session

from services.grants.rounds import domain as rounds
from services.grants.rounds.models import LEAST_AWARD, MOST_AWARD
from services.grants.rounds.schemas import NewRound
from services.grants.suggestions import store
from services.grants.suggestions.models import Suggestion
from shared import clock
from shared.events.base import Received
from shared.money import Money

_LONGEST_TITLE = 200


def note(session: Session, received: Received, suggestion: str, wishes: int) -> None:
    """Keep a suggestion until it is drafted. Told a second time, before that or after, it changes nothing."""
    if store.is_known(session, received.movement, suggestion):
        return
    noted = Suggestion(
        movement=received.movement,
        id=suggestion,
        wishes=wishes,
        actor=received.actor,
        causation=received.id,
        traceparent=received.traceparent,
        suggested_at=clock.now(),
    )
    store.add(session, noted)


def draft(session: Session, movement: str, suggestion: str, theme: str, place: str) -> bool:
    """Draft the round of a suggestion that still waits, in the fund that takes them; whether there was one.

    Its awards are of the usual size, and its budget reaches for the largest for each who wished.
    """
    waiting, fund = store.for_change(session, movement, suggestion), store.fund_for(session, movement)
    if waiting is None or fund is None:
        return False
    said = {
        "fund": fund.id,
        "title": f"{theme}: {place}"[:_LONGEST_TITLE],
        "minimum": Money.of(LEAST_AWARD, fund.currency),
        "maximum": Money.of(MOST_AWARD, fund.currency),
        "budget": Money.of(MOST_AWARD * waiting.wishes, fund.currency),
    }
    rounds.draft_round(session, movement, NewRound.model_validate(said), suggestion)
    store.remove(session, waiting)
    return True
