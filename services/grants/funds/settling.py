"""What was not spent in time, by the fund's own rule: it goes back to its funders, is kept for later, or goes to
another fund. The ledger follows each pound.

What rounds and awards hold stays, and is taken from the money that pays for it; what is over is settled, contribution
by contribution. Rows are taken in the order fund, contribution, several of one kind by their ids.
"""

from datetime import date

from sqlalchemy.orm import Session

from services.grants.days import today
from services.grants.delegations.domain import authorise
from services.grants.delegations.models import Power
from services.grants.funds import domain, store
from services.grants.funds.leaving import send_back
from services.grants.funds.models import (
    Contribution,
    Fund,
    NotDue,
    NotLeft,
    NoUnderspendRule,
    Part,
    Settled,
    UnderspendRule,
)
from services.grants.funds.purposes import hold_to_fund
from services.grants.ledger import postings
from services.grants.ledger import store as ledger
from services.grants.ledger.tracing import over
from shared import clock, outbox
from shared.auth import Principal
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.funds import ContributionMoved, FundChanged, UnderspendSettled
from shared.ids import new_id


def settle(
    session: Session, movement: str, principal: Principal, fund_id: str, to: str | None, until: date | None
) -> Settled:
    """Do with what nobody holds of a fund as its rule says; ``to`` names another fund, ``until`` a later last day.

    Raises NotFound, NotDelegated, :class:`NoUnderspendRule`, :class:`NotDue` before the last day has passed, NotLeft
    where nothing is over, OutsidePurpose, and Invalid for what the rule does not go with.
    """
    fund = _held(session, movement, fund_id, to)
    authorise(session, movement, principal, fund_id, Power.ADMINISTER)
    if fund.underspend_rule is None:
        raise NoUnderspendRule("say first what is to become of what is not spent", fund=fund_id)
    rule = UnderspendRule(fund.underspend_rule)
    if faults := _faults(fund, rule, to, until):
        raise Invalid(faults=faults)
    if rule is UnderspendRule.ROLL_OVER:
        parts = _roll_over(session, fund, until)
    else:
        parts = _over(session, fund)
        if to is None:
            for part in parts:
                send_back(session, part.contribution, part.pence)
        else:
            target = _target(session, movement, fund, to)
            authorise(session, movement, principal, to, Power.ADMINISTER)
            parts = _reallocate(session, fund, target, parts)
    pence = sum(part.pence for part in parts)
    settled = UnderspendSettled(fund=fund_id, rule=rule, to=to, amount_pence=pence, currency=fund.currency)
    outbox.record(session, settled)
    session.flush()
    session.refresh(fund)  # its sums were changed by statements past the session
    return Settled(domain.get_fund(session, movement, fund_id), rule, parts)


def _held(session: Session, movement: str, fund_id: str, to: str | None) -> Fund:
    held = {each: store.hold_fund(session, movement, each) for each in sorted({fund_id, to or fund_id})}
    fund = held[fund_id]
    if fund is None:
        raise NotFound("there is no such fund")
    return fund


def _faults(fund: Fund, rule: UnderspendRule, to: str | None, until: date | None) -> list[Fault]:
    faults = []
    if (rule is UnderspendRule.REALLOCATE) != (to is not None):
        faults.append(Fault("/to", f"goes with the rule reallocate, and this fund's is {rule}", "not_the_rule"))
    if (rule is UnderspendRule.ROLL_OVER) != (until is not None):
        faults.append(Fault("/spend_by", f"goes with the rule roll_over, and this fund's is {rule}", "not_the_rule"))
    if to == fund.id:
        faults.append(Fault("/to", "is this fund itself", "same_fund"))
    return faults


def _roll_over(session: Session, fund: Fund, until: date | None) -> list[Part]:
    """Keep it until a later day: no money moves."""
    latest = max(fund.spend_by or date.min, today(session, fund.movement))
    if until is None or until <= latest:
        raise Invalid(faults=[Fault("/spend_by", f"must be after {latest}", "not_later")])
    fund.spend_by = until
    fund.changed(clock.now())
    outbox.record(session, FundChanged(fund=fund.id, version=fund.version))
    return []


def _over(session: Session, fund: Fund) -> list[Part]:
    """What of each contribution is over once everything is paid that rounds and awards hold; the rows are held."""
    movement = fund.movement
    if fund.spend_by is None or today(session, movement) <= fund.spend_by:
        raise NotDue("it is settled once its last day has passed", spend_by=str(fund.spend_by or "never"))
    left = over(
        ledger.bound_money_at_hand(session, movement, fund.id),
        ledger.unpaid(session, movement, fund.id),
        fund.cleared - fund.reserved,
    )
    parts = [Part(_contribution(session, fund, each), pence, None) for each, pence in sorted(left.items())]
    if not parts:
        raise NotLeft("rounds and awards hold all that is left of the fund")
    return parts


def _contribution(session: Session, fund: Fund, contribution: str) -> Contribution:
    found = store.contribution_for_change(session, fund.movement, fund.id, contribution)
    if found is None:
        raise NotFound("there is no such contribution to this fund")
    return found


def _target(session: Session, movement: str, fund: Fund, to: str) -> Fund:
    target = store.find_fund(session, movement, to)
    if target is None:
        raise Invalid(faults=[Fault("/to", "is no fund of this movement", "unknown_fund")])
    if target.currency != fund.currency:
        raise Invalid(faults=[Fault("/to", f"must be a fund in {fund.currency}", "wrong_currency")])
    return target


def _reallocate(session: Session, fund: Fund, target: Fund, parts: list[Part]) -> list[Part]:
    """Give each part to the other fund as a contribution of the same funder, bound as it was."""
    movement, day, moved = fund.movement, today(session, fund.movement), []
    for part in parts:
        given = part.contribution
        hold_to_fund(session, target, given.fits)
        there = _carried_on(given, target, part.pence)
        given.move(part.pence)
        if not store.take_out(session, movement, fund.id, part.pence):
            raise NotLeft("rounds and awards hold more of the fund than that would leave")
        session.add(there)
        session.flush()
        store.receive(session, movement, target.id, promised=part.pence, cleared=part.pence)
        postings.moved_between_funds(session, movement, given, there, part.pence, day)
        told = ContributionMoved(
            fund=fund.id, contribution=given.id, to_fund=target.id, to_contribution=there.id,
            amount_pence=part.pence, currency=fund.currency,
        )  # fmt: skip
        outbox.record(session, told)
        moved.append(Part(given, part.pence, there.id))
    return moved


def _carried_on(given: Contribution, target: Fund, pence: int) -> Contribution:
    return Contribution(
        movement=given.movement, id=new_id("contrib"), fund_id=target.id, funder=given.funder,
        funder_organisation=given.funder_organisation, restriction=given.restriction, currency=given.currency,
        promised=pence, cleared=pence, fits=given.fits, fee_allowed=given.fee_allowed, fees=0, returned=0, moved=0,
        moved_from=given.id, created_at=clock.now(),
    )  # fmt: skip
