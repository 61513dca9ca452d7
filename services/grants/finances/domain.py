"""What is done with income and investments: noted, changed, dropped; and how long the income lasts."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from services.grants.finances import store
from services.grants.finances.models import Income, IncomeKind, Investment, RunningCost, Runway
from services.grants.finances.noting import Noting
from services.grants.funds import store as funds
from shared import clock
from shared.errors import Conflict, Fault, Invalid
from shared.events.grants.finances import (
    IncomeChanged,
    IncomeDropped,
    IncomeNoted,
    InvestmentChanged,
    InvestmentDropped,
    InvestmentNoted,
)
from shared.money import Money
from shared.partners import answering as partners


class NoRunningCost(Conflict):
    """How long income lasts is not known as long as nobody said what a month costs."""

    code, title = "no_running_cost", "Nobody said yet what a month costs"


def say_running_cost(session: Session, movement: str, monthly: Money) -> RunningCost:
    """Say what an ordinary month costs. Raises Invalid."""
    if not monthly.pence:
        raise Invalid(faults=[Fault("/monthly/amount", "must be more than zero", "not_positive")])
    cost = RunningCost(movement=movement, monthly=monthly.pence, currency=monthly.currency, updated_at=clock.now())
    return store.keep_running_cost(session, cost)


def runway(session: Session, movement: str) -> Runway:
    """How long secured income lasts from today on, in the currency of the running cost. Raises NoRunningCost."""
    cost = store.running_cost(session, movement)
    if cost is None:
        raise NoRunningCost
    today = partners.today(session, movement)
    left = dict.fromkeys(IncomeKind, 0)
    for income in store.running(session, movement, cost.currency, today):
        left[IncomeKind(income.kind)] += income.left_on(today)
    return Runway(today, cost.currency, cost.monthly, left[IncomeKind.CORE], left[IncomeKind.TIED])


def _faults_of_income(session: Session, income: Income) -> Iterator[Fault]:
    stranger = partners.fault_of(session, income.movement, income.funder_organisation, "/funder_organisation")
    if stranger is not None:
        yield stranger
    if income.ends_on < income.starts_on:
        yield Fault("/ends_on", "must not be before it starts", "before_start")
    if (income.kind == IncomeKind.TIED) != (income.tied_to is not None):
        yield Fault("/tied_to", "is said of tied money, and of no other", "tied_to_what")


def _faults_of_investment(session: Session, investment: Investment) -> Iterator[Fault]:
    movement = investment.movement
    for pointer, organisation in (
        ("/investor_organisation", investment.investor_organisation),
        ("/recipient_organisation", investment.recipient_organisation),
    ):
        if (stranger := partners.fault_of(session, movement, organisation, pointer)) is not None:
            yield stranger
    if investment.fund_id is None:
        return
    fund = funds.find_fund(session, movement, investment.fund_id)
    if fund is None:
        yield Fault("/fund", "is no fund of this movement", "unknown_fund")
    elif fund.currency != investment.currency:
        yield Fault("/amount/currency", f"must be {fund.currency}", "wrong_currency")


INCOME = Noting(
    Income,
    "income",
    _faults_of_income,
    noted=lambda income: IncomeNoted(income=income.id),
    changed=lambda income: IncomeChanged(income=income.id, version=income.version),
    dropped=lambda income: IncomeDropped(income=income.id),
)
"""Funding of the backbone itself."""

INVESTMENTS = Noting(
    Investment,
    "investment",
    _faults_of_investment,
    noted=lambda investment: InvestmentNoted(investment=investment.id),
    changed=lambda investment: InvestmentChanged(investment=investment.id, version=investment.version),
    dropped=lambda investment: InvestmentDropped(investment=investment.id),
)
"""What was brought in for others."""
