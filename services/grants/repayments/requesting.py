"""Asking a group to pay back: what follows from the end of an award of which money was paid."""

from sqlalchemy.orm import Session

from services.grants.awards.models import Award
from services.grants.days import today
from services.grants.ledger import postings
from services.grants.repayments.models import Repayment, RepaymentKind
from services.grants.rounds import domain as rounds
from shared import clock, outbox
from shared.events.grants.repayments import RepaymentRequested
from shared.ids import new_id


def request_repayment(session: Session, award: Award, pence: int, kind: RepaymentKind) -> Repayment:
    """Ask the group of an award that just ended, and is held, to pay so much back."""
    repayment = Repayment(
        movement=award.movement,
        id=new_id("repayment"),
        award_id=award.id,
        kind=kind,
        currency=award.currency,
        pence=pence,
        received=0,
        written_off=0,
        withdrawn=0,
        requested_at=clock.now(),
    )
    session.add(repayment)
    fund = rounds.fund_of(session, award.movement, award.round_id)
    day = today(session, award.movement)
    postings.repayment_requested(session, award.movement, fund, award.id, repayment.id, pence, day)
    requested = RepaymentRequested(
        repayment=repayment.id, award=award.id, kind=kind, amount_pence=pence, currency=award.currency
    )
    outbox.record(session, requested)
    return repayment
