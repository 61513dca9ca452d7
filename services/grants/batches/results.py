"""What the bank says became of the payments of a batch: taken back line by line, all of it or nothing.

What is paid is posted to the ledger in the same transaction, and so is what comes back. Rows are taken in the order
batch, payment, award, fund, and each of them in the order of their ids.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from services.grants.awards import domain as awards
from services.grants.awards import paying
from services.grants.batches import store
from services.grants.batches.bank_files import Called, read
from services.grants.batches.domain import held
from services.grants.batches.schemas import Result, Taken
from services.grants.days import today, zone
from services.grants.ledger import postings
from services.grants.payments.models import LIFECYCLE, Payment, PaymentState
from services.grants.repayments import domain as repayments
from shared import clock, outbox
from shared.auth import Principal
from shared.errors import Fault, Invalid
from shared.events.grants.payments import PaymentFailed, PaymentPaid, PaymentReturned

_TOLD = {
    PaymentState.PAID: PaymentPaid,
    PaymentState.FAILED: PaymentFailed,
    PaymentState.RETURNED: PaymentReturned,
}
OUTCOMES = tuple(_TOLD)


def take(session: Session, movement: str, batch_id: str, results: Sequence[Result], principal: Principal) -> Taken:
    """Take what the bank says.

    Raises NotFound, NotDelegated, NotExported, OverDrawn, and Invalid naming every line that cannot be so.
    """
    batch, at = held(session, movement, batch_id, principal), clock.now()
    batch.check_exported()
    payments = {payment.id: payment for payment in store.payments_of(session, movement, batch_id)}
    if faults := _faults(results, payments, today(session, movement), zone(session, movement)):
        raise Invalid(faults=faults)
    new = [(payments[each.payment], each) for each in results if payments[each.payment].state != each.outcome]
    for award in sorted({payment.award_id for payment, _ in new}):
        awards.for_change(session, movement, award)
    for payment, said in new:
        _settle(session, payment, said.outcome, said.on, said.reason, at)
    batch.updated_at = at
    counts = {outcome.value: sum(said.outcome == outcome for _, said in new) for outcome in OUTCOMES}
    return Taken(**counts, unchanged=len(results) - len(new))


def take_file(
    session: Session, movement: str, batch_id: str, file: bytes, called: Called, principal: Principal
) -> Taken:
    """Take what the bank says in a file of its own. Raises what `take` does, with faults by row and column."""
    batch = held(session, movement, batch_id, principal)
    rows = read(file, called)
    known = {payment.reference: payment.id for payment in store.payments_of(session, movement, batch.id)}
    if strange := [row for row in rows if row.reference not in known]:
        reason = "is no reference of this batch"
        raise Invalid(faults=[Fault(None, reason, "unknown_reference", row.number) for row in strange])
    results = [Result(payment=known[row.reference], outcome=row.outcome, on=row.on, reason=row.reason) for row in rows]
    try:
        return take(session, movement, batch_id, results, principal)
    except Invalid as invalid:
        raise Invalid(faults=[_in_file(fault) for fault in invalid.faults]) from None


def _in_file(fault: Fault) -> Fault:
    """A fault of `/results/3/on` as one of the file's fourth row."""
    place = int((fault.pointer or "").split("/")[2])
    return Fault(None, fault.reason, fault.code, place + 1)


def _settle(
    session: Session, payment: Payment, outcome: PaymentState, on: date, reason: str | None, at: datetime
) -> None:
    movement, was_paid = payment.movement, payment.state == PaymentState.PAID
    payment.settle(outcome, on, reason, at)
    if outcome == PaymentState.PAID:
        paying.note_paid(session, movement, payment.award_id, payment.amount)
        postings.payment_paid(session, movement, payment.fund_id, payment.award_id, payment.id, payment.amount, on)
    else:
        paying.end_payment(session, movement, payment.award_id, payment.amount, was_paid=was_paid)
        if was_paid:
            postings.payment_returned(session, movement, payment.id, on, "returned")
            repayments.come_back(session, awards.for_change(session, movement, payment.award_id), payment.id)
    told = _TOLD[outcome]
    outbox.record(
        session,
        told(payment=payment.id, award=payment.award_id, amount_pence=payment.amount, currency=payment.currency),
    )


def _faults(results: Sequence[Result], payments: Mapping[str, Payment], day: date, in_zone: ZoneInfo) -> list[Fault]:
    faults, seen = [], set[str]()
    for place, said in enumerate(results):
        here, payment = f"/results/{place}", payments.get(said.payment)
        if said.outcome not in OUTCOMES:
            faults.append(Fault(f"{here}/outcome", "must be paid, failed or returned", "unknown_outcome"))
        elif payment is None:
            faults.append(Fault(f"{here}/payment", "is no payment of this batch", "unknown_payment"))
        elif said.payment in seen:
            faults.append(Fault(f"{here}/payment", "stands here twice", "twice"))
        elif payment.state != said.outcome and payment.state not in LIFECYCLE.before(said.outcome):
            faults.append(Fault(f"{here}/outcome", f"is {payment.state} already", "illegal_transition"))
        if said.on > day:
            faults.append(Fault(f"{here}/on", "is still to come", "in_the_future"))
        elif payment is not None and payment.state != said.outcome and said.on < _since(payment, in_zone):
            faults.append(Fault(f"{here}/on", "is before the payment was on its way", "before_it_went"))
        seen.add(said.payment)
    return faults


def _since(payment: Payment, in_zone: ZoneInfo) -> date:
    """The day on which a payment came to where it is: at the bank, or paid."""
    if payment.settled_on is not None or payment.exported_at is None:
        return payment.settled_on or date.min
    return payment.exported_at.astimezone(in_zone).date()
