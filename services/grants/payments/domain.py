"""What is done with payments until they go to the bank: proposed, changed, approved by somebody else, void.

Rows are taken in the order payee, payment, award, so no two transactions wait for each other in a circle.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.grants.acting import Acting
from services.grants.amounts import amount_faults
from services.grants.awards import paying
from services.grants.awards import store as awards
from services.grants.awards.models import Award
from services.grants.delegations import domain as delegations
from services.grants.delegations.models import Power
from services.grants.payees import store as payees
from services.grants.payments import store
from services.grants.payments.models import (
    TO_BE_TRIED_AGAIN,
    NoPayee,
    NotToBeRetried,
    Payment,
    PaymentState,
    reference_of,
)
from services.grants.payments.schemas import Instalment, NewPayment, PaymentChanges
from services.grants.payments.voiding import void_approval
from services.grants.rounds import domain as rounds
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.payments import PaymentApproved, PaymentProposed, PaymentVoided
from shared.ids import new_id
from shared.money import Money


def propose(session: Session, movement: str, said: NewPayment, by: Acting) -> Payment:
    """Propose a payment of an award to its payee.

    Raises Invalid, NotDelegated, NoPayee, NotToBeRetried, OverAward, and what forbids paying the award.
    """
    award = _award(session, movement, said.award)
    if faults := amount_faults(award.currency, amount=said.amount):
        raise Invalid(faults=faults)
    if said.retries is not None:
        _check_retry(session, movement, award.id, said.retries)
    return _propose(session, award, said.amount, said.due_on, said.retries, by)


def propose_instalments(
    session: Session, movement: str, award_id: str, instalments: Sequence[Instalment], by: Acting
) -> list[Payment]:
    """Propose several payments of an award, all or none. Raises what proposing one does."""
    award = _award(session, movement, award_id)
    faults = [
        fault.at(f"/instalments/{place}")
        for place, each in enumerate(instalments)
        for fault in amount_faults(award.currency, amount=each.amount)
    ]
    if faults:
        raise Invalid(faults=faults)
    return [_propose(session, award, each.amount, each.due_on, None, by) for each in instalments]


def get_payment(session: Session, movement: str, payment_id: str) -> Payment:
    """The payment, or NotFound."""
    return _present(store.find(session, movement, payment_id))


def change(
    session: Session, movement: str, payment_id: str, changes: PaymentChanges, expected: int | None, by: Acting
) -> Payment:
    """Change what did not go to the bank: it is then the proposal of whoever changed it, and approved anew.

    Raises NotFound, NotDelegated, IllegalTransition, Invalid, OverAward.
    """
    payment, at = _held(session, movement, payment_id, expected, by), clock.now()
    payment.check_open()
    if changes.amount is not None:
        if faults := amount_faults(payment.currency, amount=changes.amount):
            raise Invalid(faults=faults)
        paying.end_payment(session, movement, payment.award_id, payment.amount, was_paid=False)
        paying.begin_payment(session, movement, payment.award_id, changes.amount.pence)
        payment.amount = changes.amount.pence
    changes.apply(payment, "due_on")
    void_approval(session, payment, at)
    payment.proposed_by, payment.proposed_at = by.user, at
    return payment


def approve(session: Session, movement: str, payment_id: str, expected: int | None, by: Acting) -> Payment:
    """Say yes to somebody else's proposal, to just this amount for just this account.

    Raises NotFound, NotDelegated, OwnProposal, OwnDetails, NoPayee, AccountWaits, NotPayable, OnHold.
    """
    payee = payees.for_change(session, movement, get_payment(session, movement, payment_id).payee_id)
    if payee is None:
        raise NoPayee
    payment = _held(session, movement, payment_id, expected, by)
    paying.payable(session, movement, payment.award_id)
    payment.approve(payee, payees.account(session, movement, payee.account_id), by.user, clock.now())
    outbox.record(session, PaymentApproved(payment=payment.id, award=payment.award_id))
    return payment


def void(session: Session, movement: str, payment_id: str, reason: str, expected: int | None, by: Acting) -> Payment:
    """Let a payment that did not go to the bank not be made. Raises NotFound, NotDelegated, IllegalTransition."""
    payment = _held(session, movement, payment_id, expected, by)
    payment.void(reason, clock.now())
    paying.end_payment(session, movement, payment.award_id, payment.amount, was_paid=False)
    outbox.record(session, PaymentVoided(payment=payment.id, award=payment.award_id))
    return payment


def _propose(
    session: Session, award: Award, amount: Money, due_on: date | None, retries: str | None, by: Acting
) -> Payment:
    movement = award.movement
    fund = rounds.fund_of(session, movement, award.round_id)
    delegations.authorise(session, movement, by.principal, fund, Power.ADMINISTER)
    payee = payees.of_award(session, movement, award.id)
    if payee is None:
        raise NoPayee("say first into whose account it is paid")
    at, id_ = clock.now(), new_id("payment")
    payment = Payment(
        movement=movement, id=id_, award_id=award.id, payee_id=payee.id, fund_id=fund, amount=amount.pence,
        currency=amount.currency, reference=reference_of(id_), due_on=due_on, retries=retries,
        state=PaymentState.PROPOSED, proposed_by=by.user, proposed_at=at, created_at=at, updated_at=at, version=1,
    )  # fmt: skip
    store.add(session, payment)
    paying.begin_payment(session, movement, award.id, amount.pence)
    proposed = PaymentProposed(
        payment=id_, award=award.id, payee=payee.id, amount_pence=payment.amount, currency=payment.currency
    )
    outbox.record(session, proposed)
    return payment


def _check_retry(session: Session, movement: str, award_id: str, payment_id: str) -> None:
    tried = store.for_change(session, movement, payment_id)
    if tried is None or tried.award_id != award_id:
        raise Invalid(faults=[Fault("/retries", "is no payment of this award", "unknown_payment")])
    if tried.state not in TO_BE_TRIED_AGAIN:
        raise NotToBeRetried(f"it is {tried.state}", state=tried.state)
    if (again := store.retry_of(session, movement, payment_id)) is not None:
        raise NotToBeRetried("another payment retries it", payment=again)


def _award(session: Session, movement: str, award_id: str) -> Award:
    award = awards.find(session, movement, award_id)
    if award is None:
        raise Invalid(faults=[Fault("/award", "there is no such award", "unknown_award")])
    return award


def _held(session: Session, movement: str, payment_id: str, expected: int | None, by: Acting) -> Payment:
    payment = _present(store.for_change(session, movement, payment_id))
    delegations.authorise(session, movement, by.principal, payment.fund_id, Power.ADMINISTER)
    hold_to(payment.version, expected)
    return payment


def _present(found: Payment | None) -> Payment:
    if found is None:
        raise NotFound("there is no such payment")
    return found
