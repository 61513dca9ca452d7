"""What is done with repayments that were requested: received in parts, written off for a reason, withdrawn.

What has come back is the round's again, and that of the funders whose it was; what is written off stays spent.
"""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from services.grants.amounts import amount_faults
from services.grants.awards import domain as awards
from services.grants.awards.models import Award
from services.grants.days import today
from services.grants.ledger import postings
from services.grants.ledger.chart import Kind
from services.grants.repayments import store
from services.grants.repayments.models import Repayment
from services.grants.rounds import domain as rounds
from shared import clock, outbox
from shared.errors import Invalid, NotFound
from shared.events.grants.repayments import RepaymentReceived, RepaymentWithdrawn, RepaymentWrittenOff
from shared.money import Money


def receive_repayment(session: Session, movement: str, award_id: str, repayment_id: str, amount: Money) -> Repayment:
    """So much has come back: the round may award it again, or passes it on to its fund. Raises OverRepayment."""
    award, repayment = _held(session, movement, award_id, repayment_id, amount)
    repayment.receive(amount.pence, clock.now())
    fund, day = rounds.fund_of(session, movement, award.round_id), today(session, movement)
    postings.repayment_received(session, movement, fund, award_id, repayment_id, amount.pence, day)
    awards.take_back(session, award, amount.pence)
    received = RepaymentReceived(
        repayment=repayment_id, award=award_id, amount_pence=amount.pence, currency=award.currency
    )
    outbox.record(session, received)
    return repayment


def write_off_repayment(
    session: Session, movement: str, award_id: str, repayment_id: str, amount: Money, reason: str
) -> Repayment:
    """So much will not come back: it stays spent. Raises OverRepayment."""
    award, repayment = _held(session, movement, award_id, repayment_id, amount)
    repayment.write_off(amount.pence, reason, clock.now())
    fund, day = rounds.fund_of(session, movement, award.round_id), today(session, movement)
    postings.repayment_written_off(session, movement, fund, award_id, repayment_id, amount.pence, day)
    written_off = RepaymentWrittenOff(
        repayment=repayment_id, award=award_id, amount_pence=amount.pence, currency=award.currency
    )
    outbox.record(session, written_off)
    return repayment


def come_back(session: Session, award: Award, payment: str) -> None:
    """The bank sent a payment back of an award that has ended and is held, so its group never had that money.

    As much of it as was asked back is withdrawn, and is the round's again; the rest is owed to the group as before.
    """
    movement, fund = award.movement, rounds.fund_of(session, award.movement, award.round_id)
    if award.ended_at is None:
        return
    for repayment in store.outstanding(session, movement, award.id):
        less = min(repayment.left, award.owed)
        if not less:
            return
        repayment.withdraw(less, clock.now())
        postings.repayment_withdrawn(
            session, movement, fund, award.id, repayment.id, payment, less, today(session, movement)
        )
        award.owed -= less
        award.committed -= less
        awards.give_back(session, award, less, Kind.AWARD_UNDERSPENT)
        withdrawn = RepaymentWithdrawn(
            repayment=repayment.id, award=award.id, amount_pence=less, currency=award.currency
        )
        outbox.record(session, withdrawn)


def list_repayments(session: Session, movement: str, award_id: str) -> Sequence[Repayment]:
    """What the group of an award is asked to pay back, or NotFound where there is no such award."""
    awards.get_award(session, movement, award_id)
    return store.of_award(session, movement, award_id)


def _held(session: Session, movement: str, award_id: str, repayment_id: str, amount: Money) -> tuple[Award, Repayment]:
    award = awards.for_change(session, movement, award_id)
    repayment = store.for_change(session, movement, award_id, repayment_id)
    if repayment is None:
        raise NotFound("there is no such repayment")
    if faults := amount_faults(award.currency, amount=amount):
        raise Invalid(faults=faults)
    return award, repayment
