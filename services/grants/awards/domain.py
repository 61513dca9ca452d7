"""What is done with awards: offered within a round's budget, accepted, held, or ended with the money given back.

Rows are always taken in the order award, application, delegation, round, fund, so no two transactions wait for
each other in a circle.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from services.grants.applications import domain as applications
from services.grants.awards import history, store
from services.grants.awards.models import Award, AwardState, ChangeKind
from services.grants.days import today
from services.grants.delegations import domain as delegations
from services.grants.delegations.models import Power
from services.grants.ledger import postings
from services.grants.ledger.chart import Kind
from services.grants.repayments.models import RepaymentKind
from services.grants.repayments.requesting import request_repayment
from services.grants.rounds import domain as rounds
from shared import clock, outbox
from shared.auth import Principal
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.awards import (
    AwardAccepted,
    AwardClosed,
    AwardEnded,
    AwardHeld,
    AwardLetGo,
    AwardOffered,
    AwardReleased,
)
from shared.ids import new_id
from shared.money import Money


class Decided(NamedTuple):
    """That an offer follows by itself from what was decided under this delegation; None: by those whose fund it is."""

    delegation: str | None


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms an award is offered.

    Without ``answer_by`` the offer stands until it is taken back; without ``purpose`` it is for what was applied for.
    """

    answer_by: datetime | None = None
    purpose: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    people_at_risk: bool | None = None


def offer_award(
    session: Session,
    movement: str,
    by: Principal | Decided,
    application_id: str,
    amount: Money,
    terms: Terms = Terms(),
) -> Award:
    """Offer an application money of its round, which holds it from now on; what forbids it is raised by the two, or
    by :func:`delegations.authorise`, or what it follows from.
    """
    at = clock.now()
    if faults := _time_faults(at, terms.answer_by, terms.starts_on, terms.ends_on):
        raise Invalid(faults=faults)
    round_id, organisation = applications.mark_awarded(session, movement, application_id)
    fund_id = rounds.fund_of(session, movement, round_id)
    delegation = _counted(session, movement, by, fund_id, amount.pence)
    rounds.commit_money(session, movement, round_id, amount)
    award = Award(
        movement=movement,
        id=new_id("award"),
        application_id=application_id,
        round_id=round_id,
        delegation_id=delegation,
        amount=amount.pence,
        currency=amount.currency,
        organisation=organisation,
        terms=1,
        state=AwardState.OFFERED,
        committed=amount.pence,
        paying=0,
        paid=0,
        owed=0,
        offered_at=at,
        updated_at=at,
        version=1,
        **asdict(terms),
    )
    store.insert(session, movement, award)
    _tell_offered(session, award)
    return award


def _tell_offered(session: Session, award: Award) -> None:
    offered = AwardOffered(
        award=award.id,
        application=award.application_id,
        round=award.round_id,
        amount_pence=award.amount,
        currency=award.currency,
    )
    outbox.record(session, offered)


def _counted(session: Session, movement: str, by: Principal | Decided, fund_id: str, pence: int) -> str | None:
    """The delegation that an offer counts under."""
    if isinstance(by, Decided):
        delegations.go_on(session, movement, fund_id, by.delegation, pence)
        return by.delegation
    return delegations.authorise(session, movement, by, fund_id, Power.AWARD, pence)


def get_award(session: Session, movement: str, award_id: str) -> Award:
    """The award, or NotFound."""
    return present(store.find(session, movement, award_id))


def for_change(session: Session, movement: str, award_id: str) -> Award:
    """The award as it is now, held until the transaction ends; or NotFound."""
    return present(store.for_change(session, movement, award_id))


def accept_award(session: Session, movement: str, award_id: str) -> Award:
    """The group says yes; the money stays committed."""
    return take_acceptance(session, for_change(session, movement, award_id))


def take_acceptance(session: Session, award: Award) -> Award:
    """The group of an award that is held says yes by itself; whoever notes it for them asks :func:`accept_award`."""
    award.accept(clock.now())
    fund = rounds.get_round(session, award.movement, award.round_id).fund_id
    postings.award_accepted(session, award.movement, fund, award.id, award.amount, today(session, award.movement))
    outbox.record(session, AwardAccepted(award=award.id))
    return award


def lapse_award(session: Session, movement: str, award_id: str) -> Award:
    """The group did not answer in time: the money goes back, and its application may be offered an award again."""
    return _end(session, movement, award_id, Award.lapse)


def refuse_award(session: Session, movement: str, award_id: str) -> Award:
    """The group says no: the money goes back, and its application may be offered an award again."""
    return _end(session, movement, award_id, Award.refuse)


def cancel_award(session: Session, movement: str, award_id: str, reason: str) -> Award:
    """Take an award back: what was not paid goes back, and what was is asked back from the group, which is told why.

    Where nothing was paid, its application may be offered an award again.
    """
    award = _end(session, movement, award_id, Award.cancel)
    history.note(session, award, ChangeKind.CANCELLED, reason)
    if award.paid:
        request_repayment(session, award, award.paid, RepaymentKind.CANCELLED)
    return award


def close_award(session: Session, movement: str, award_id: str, spent: Money | None = None) -> Award:
    """The group has done with it: what was never paid goes back to the round, and what it did not spend is asked back.

    Without ``spent`` it has spent all that it was paid. Raises Invalid where it would have spent more.
    """
    award = for_change(session, movement, award_id)
    unspent = 0 if spent is None else award.paid - spent.pence
    if spent is not None and spent.currency != award.currency:
        raise Invalid(faults=[Fault("/spent/currency", f"must be {award.currency}", "wrong_currency")])
    if unspent < 0:
        raise Invalid(faults=[Fault("/spent/amount", "must not be more than was paid", "more_than_paid")])
    released = award.close(clock.now())
    give_back(session, award, released, Kind.AWARD_UNDERSPENT)
    outbox.record(session, AwardClosed(award=award.id, released_pence=released, currency=award.currency))
    if unspent:
        request_repayment(session, award, unspent, RepaymentKind.UNDERSPENT)
    return award


def hold_award(session: Session, movement: str, award_id: str, reason: str) -> Award:
    """Stop its payments until it is released; its group is told why."""
    award = for_change(session, movement, award_id)
    award.hold(clock.now())
    history.note(session, award, ChangeKind.HELD, reason)
    outbox.record(session, AwardHeld(award=award.id))
    return award


def release_award(session: Session, movement: str, award_id: str, reason: str | None = None) -> Award:
    """Let its payments go on."""
    award = for_change(session, movement, award_id)
    award.release(clock.now())
    history.note(session, award, ChangeKind.RELEASED, reason)
    outbox.record(session, AwardReleased(award=award.id))
    return award


def let_go(session: Session, movement: str, award_id: str, reason: str) -> Award:
    """What came back from the bank after the award had ended is not paid again: it is the round's. Raises NothingOwed.

    The group is told why.
    """
    award = for_change(session, movement, award_id)
    pence = award.let_go(clock.now())
    history.note(session, award, ChangeKind.LET_GO, reason)
    award.committed -= pence
    give_back(session, award, pence, Kind.AWARD_UNDERSPENT)
    outbox.record(session, AwardLetGo(award=award.id, amount_pence=pence, currency=award.currency))
    return award


def take_back(session: Session, award: Award, pence: int) -> None:
    """So much of what an award that has ended was paid has come back: its round holds it no longer."""
    award.committed -= pence
    award.changed(clock.now())
    delegations.release(session, award.movement, award.delegation_id, pence)
    rounds.release_money(session, award.movement, award.round_id, pence)


def _end(session: Session, movement: str, award_id: str, step: Callable[[Award, datetime], int]) -> Award:
    award = for_change(session, movement, award_id)
    released = step(award, clock.now())
    if not award.paid:
        applications.stand_again(session, movement, award.application_id)
    give_back(session, award, released, Kind.AWARD_CANCELLED)
    ended = AwardEnded(award=award.id, outcome=award.state, amount_pence=released, currency=award.currency)
    outbox.record(session, ended)
    return award


def give_back(session: Session, award: Award, pence: int, kind: Kind) -> None:
    """Give what will not be paid back to delegation and round; the ledger knows of it since the group said yes."""
    movement = award.movement
    delegations.release(session, movement, award.delegation_id, pence)
    rounds.release_money(session, movement, award.round_id, pence)
    if award.accepted_at is not None and pence:
        fund = rounds.get_round(session, movement, award.round_id).fund_id
        postings.commitment_released(session, movement, fund, award.id, pence, today(session, movement), kind)


def _time_faults(at: datetime, answer_by: datetime | None, starts_on: date | None, ends_on: date | None) -> list[Fault]:
    faults = []
    if answer_by is not None and answer_by <= at:
        faults.append(Fault("/answer_by", "must be still to come", "in_the_past"))
    if starts_on is not None and ends_on is not None and ends_on < starts_on:
        faults.append(Fault("/ends_on", "must not be before it starts", "before_start"))
    return faults


def present(found: Award | None) -> Award:
    """The award that was found, or NotFound."""
    if found is None:
        raise NotFound("there is no such award")
    return found
