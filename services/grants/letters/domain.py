"""Which letter says what of which award: as it stands now, for a letter is made anew each time that it is asked for."""

from typing import NamedTuple

from sqlalchemy.orm import Session

from services.grants.agreements import domain as agreements
from services.grants.awards import domain as awards
from services.grants.awards.facts import day_in_words, facts_of
from services.grants.awards.models import AwardState
from services.grants.letters import words
from services.grants.letters.pdf import Block
from services.grants.payees import store as payees
from services.grants.payments import domain as payments
from services.grants.payments.models import PaymentState
from shared.errors import Conflict


class Letter(NamedTuple):
    """A letter to be rendered: what it is called, and what it says."""

    title: str
    blocks: list[Block]


class NothingOffered(Conflict):
    """The award ended before the group accepted it, so there is nothing to offer."""

    code, title = "nothing_offered", "Nothing is offered any more"


class NothingPaid(Conflict):
    """The payment has not been paid, or came back."""

    code, title = "nothing_paid", "Nothing was paid"


def offer_letter(session: Session, movement: str, award_id: str) -> Letter:
    """The letter that offers an award. Raises NotFound, NothingOffered."""
    award = awards.get_award(session, movement, award_id)
    if award.state in (AwardState.LAPSED, AwardState.REFUSED, AwardState.CANCELLED):
        raise NothingOffered(f"the award is {award.state}")
    facts = facts_of(session, award)
    answer_by = "" if award.answer_by is None else day_in_words(award.answer_by.date())
    return Letter(f"Offer of {facts.amount} to {facts.group}", words.offer_letter(facts, answer_by))


def agreement(session: Session, movement: str, agreement_id: str) -> Letter:
    """The page of an award, and how it was accepted. Raises NotFound."""
    signed = agreements.get_agreement(session, movement, agreement_id)
    facts = facts_of(session, awards.get_award(session, movement, signed.agreement.award_id))
    return Letter(f"Agreement with {facts.group}", words.agreement(facts, signed))


def remittance(session: Session, movement: str, payment_id: str) -> Letter:
    """What a group is told of a payment that went out. Raises NotFound, NothingPaid."""
    payment = payments.get_payment(session, movement, payment_id)
    if payment.state != PaymentState.PAID:
        raise NothingPaid(f"the payment is {payment.state}")
    payee, account = payees.find(session, movement, payment.payee_id) or (None, None)
    facts = facts_of(session, awards.get_award(session, movement, payment.award_id))
    paid_into = payees.account(session, movement, payment.account_id) or account
    name = facts.group if payee is None else payee.name
    return Letter(f"Payment to {facts.group}", words.remittance(facts, payment, name, paid_into))
