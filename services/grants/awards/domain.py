"""What is done with awards: offered within a round's budget, accepted, or ended with the money given back.

Rows are always taken in the order award, application, round, fund, so no two transactions wait for each other in a
circle.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from services.grants.applications import domain as applications
from services.grants.awards import store
from services.grants.awards.models import Award, AwardState
from services.grants.rounds import domain as rounds
from shared import clock, outbox
from shared.errors import NotFound
from shared.events.grants.awards import AwardAccepted, AwardEnded, AwardOffered
from shared.ids import new_id
from shared.money import Money


def offer_award(session: Session, movement: str, application_id: str, amount: Money) -> Award:
    """Offer an application money of its round, which holds it from now on; what forbids it is raised by the two."""
    round_id = applications.mark_awarded(session, movement, application_id)
    rounds.commit_money(session, movement, round_id, amount)
    award = Award(
        movement=movement,
        id=new_id("award"),
        application_id=application_id,
        round_id=round_id,
        amount=amount.pence,
        currency=amount.currency,
        state=AwardState.OFFERED,
        offered_at=clock.now(),
    )
    store.insert(session, movement, award)
    offered = AwardOffered(
        award=award.id,
        application=application_id,
        round=round_id,
        amount_pence=amount.pence,
        currency=amount.currency,
    )
    outbox.record(session, offered)
    return award


def get_award(session: Session, movement: str, award_id: str) -> Award:
    """The award, or NotFound."""
    return _present(store.find(session, movement, award_id))


def accept_award(session: Session, movement: str, award_id: str) -> Award:
    """The group says yes; the money stays committed."""
    award = _present(store.for_change(session, movement, award_id))
    award.accept(clock.now())
    outbox.record(session, AwardAccepted(award=award.id))
    return award


def lapse_award(session: Session, movement: str, award_id: str) -> Award:
    """The group did not answer in time: the money goes back, and its application may be offered an award again."""
    return _end(session, movement, award_id, Award.lapse)


def cancel_award(session: Session, movement: str, award_id: str) -> Award:
    """Take an offer back: the money goes back, and its application may be offered an award again."""
    return _end(session, movement, award_id, Award.cancel)


def _end(session: Session, movement: str, award_id: str, step: Callable[[Award, datetime], None]) -> Award:
    award = _present(store.for_change(session, movement, award_id))
    step(award, clock.now())
    applications.return_to_submitted(session, movement, award.application_id)
    rounds.release_money(session, movement, award.round_id, award.amount)
    ended = AwardEnded(award=award.id, outcome=award.state, amount_pence=award.amount, currency=award.currency)
    outbox.record(session, ended)
    return award


def _present(found: Award | None) -> Award:
    if found is None:
        raise NotFound("there is no such award")
    return found
