"""What was agreed of an award is amended: dated, for a reason, within the round's money, and with what was before kept.

An amended award has other terms, which its group accepts anew before more of it is paid.
"""

from datetime import date

from sqlalchemy.orm import Session

from services.grants.awards import domain, history
from services.grants.awards.models import Award, AwardState, ChangeKind, OnHold, StoredTerms
from services.grants.awards.schemas import AwardChanges
from services.grants.days import today
from services.grants.delegations import domain as delegations
from services.grants.ledger import postings
from services.grants.ledger.chart import Kind
from services.grants.rounds import domain as rounds
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Fault, Invalid
from shared.events.grants.awards import AwardAmended
from shared.lifecycle import IllegalTransition

_AMENDED = (AwardState.OFFERED, AwardState.ACCEPTED, AwardState.ACTIVE)


def amend_award(session: Session, movement: str, award_id: str, changes: AwardChanges, expected: int | None) -> Award:
    """Amend the amount, the purpose or the dates of an award that has not ended.

    Raises PreconditionFailed, IllegalTransition, :class:`OnHold`, OverBudget, and Invalid for an amount outside the
    round's limits or below what is paid or on its way.
    """
    award = domain.for_change(session, movement, award_id)
    hold_to(award.version, expected)
    if award.state not in _AMENDED:
        raise IllegalTransition(f"an award that is {award.state} is not amended", state=award.state)
    if award.held_since is not None:
        raise OnHold("it is amended once it is released")
    before = terms_of(award)
    changes.apply(award, "purpose", "starts_on", "ends_on", "people_at_risk")
    if faults := [*_amount_faults(session, award, changes), *_date_faults(award)]:
        raise Invalid(faults=faults)
    if changes.amount is not None:
        _set_amount(session, award, changes.amount.pence)
    award.terms += 1
    award.changed(clock.now())
    history.note(session, award, ChangeKind.AMENDED, changes.reason, before, terms_of(award))
    amended = AwardAmended(
        award=award.id,
        terms=award.terms,
        before_pence=before["pence"],
        amount_pence=award.amount,
        currency=award.currency,
    )
    outbox.record(session, amended)
    return award


def terms_of(award: Award) -> StoredTerms:
    """What is agreed of an award now, as it is kept."""
    return {
        "pence": award.amount,
        "purpose": award.purpose,
        "starts_on": _written(award.starts_on),
        "ends_on": _written(award.ends_on),
        "people_at_risk": award.people_at_risk,
    }


def _set_amount(session: Session, award: Award, pence: int) -> None:
    movement, more = award.movement, pence - award.amount
    if more > 0:
        fund = rounds.fund_of(session, movement, award.round_id)
        delegations.go_on(session, movement, fund, award.delegation_id, more)
        rounds.commit_more(session, movement, award.round_id, more)
        award.amount, award.committed = pence, award.committed + more
        if award.accepted_at is not None:
            postings.award_increased(session, movement, fund, award.id, more, today(session, movement))
    elif more < 0:
        award.committed += more
        award.amount = pence
        domain.give_back(session, award, -more, Kind.AWARD_REDUCED)


def _amount_faults(session: Session, award: Award, changes: AwardChanges) -> list[Fault]:
    if changes.amount is None:
        return []
    faults = rounds.get_round(session, award.movement, award.round_id).amount_faults(changes.amount)
    if not faults and changes.amount.pence < award.paying:
        faults.append(Fault("/amount/amount", "must not be less than is paid or on its way", "less_than_paid"))
    return faults


def _date_faults(award: Award) -> list[Fault]:
    if award.starts_on is not None and award.ends_on is not None and award.ends_on < award.starts_on:
        return [Fault("/ends_on", "must not be before it starts", "before_start")]
    return []


def _written(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
