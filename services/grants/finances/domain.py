"""What is done with income and investments: noted, changed, dropped; and how long the income lasts."""

from collections.abc import Iterator
from typing import TypeVar

from sqlalchemy.orm import Session

from services.grants.finances import store
from services.grants.finances.models import (
    Income,
    IncomeKind,
    Investment,
    RunningCost,
    Runway,
)
from services.grants.finances.schemas import IncomeChanges, InvestmentChanges, NewIncome, NewInvestment
from services.grants.funds import store as funds
from shared import clock, outbox
from shared.editing import hold_to
from shared.errors import Conflict, Fault, Invalid, NotFound
from shared.events.grants.finances import (
    IncomeChanged,
    IncomeDropped,
    IncomeNoted,
    InvestmentChanged,
    InvestmentDropped,
    InvestmentNoted,
)
from shared.ids import new_id
from shared.money import Money
from shared.partners import answering as partners

T = TypeVar("T")


class NoRunningCost(Conflict):
    """How long income lasts is not known as long as nobody said what a month costs."""

    code, title = "no_running_cost", "Nobody said yet what a month costs"


def note_income(session: Session, movement: str, said: NewIncome) -> Income:
    """Note funding of the backbone itself. Raises Invalid."""
    at = clock.now()
    income = Income(
        movement=movement, id=new_id("income"), amount=said.amount.pence, currency=said.amount.currency,
        version=1, created_at=at, updated_at=at,
        **{name: getattr(said, name) for name in NewIncome.model_fields if name != "amount"},
    )  # fmt: skip
    if faults := [*_faults_of_income(session, movement, income)]:
        raise Invalid(faults=faults)
    session.add(income)
    outbox.record(session, IncomeNoted(income=income.id))
    return income


def change_income(session: Session, movement: str, income: str, said: IncomeChanges, expected: int | None) -> Income:
    """Change what is said of it. Raises NotFound, PreconditionFailed, Invalid."""
    found = _present(store.income_for_change(session, movement, income), "income")
    hold_to(found.version, expected)
    with session.no_autoflush:
        said.apply(found, *(name for name in IncomeChanges.model_fields if name != "amount"))
        if said.amount is not None:
            found.amount, found.currency = said.amount.pence, said.amount.currency
        if faults := [*_faults_of_income(session, movement, found)]:
            raise Invalid(faults=faults)
    found.changed(clock.now())
    outbox.record(session, IncomeChanged(income=found.id, version=found.version))
    return found


def get_income(session: Session, movement: str, income: str) -> Income:
    """One income, or NotFound."""
    return _present(store.find_income(session, movement, income), "income")


def drop_income(session: Session, movement: str, income: str, expected: int | None) -> None:
    """Take out what was noted by mistake. Raises NotFound, PreconditionFailed."""
    found = _present(store.income_for_change(session, movement, income), "income")
    hold_to(found.version, expected)
    session.delete(found)
    outbox.record(session, IncomeDropped(income=income))


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


def note_investment(session: Session, movement: str, said: NewInvestment) -> Investment:
    """Note what was brought in for others. Raises Invalid."""
    at = clock.now()
    investment = Investment(
        movement=movement, id=new_id("investment"), amount=said.amount.pence, currency=said.amount.currency,
        fund_id=said.fund, version=1, created_at=at, updated_at=at,
        **{name: getattr(said, name) for name in NewInvestment.model_fields if name not in ("amount", "fund")},
    )  # fmt: skip
    if faults := [*_faults_of_investment(session, movement, investment)]:
        raise Invalid(faults=faults)
    session.add(investment)
    outbox.record(session, InvestmentNoted(investment=investment.id))
    return investment


def change_investment(
    session: Session, movement: str, investment: str, said: InvestmentChanges, expected: int | None
) -> Investment:
    """Change what is said of it. Raises NotFound, PreconditionFailed, Invalid."""
    found = _present(store.investment_for_change(session, movement, investment), "investment")
    hold_to(found.version, expected)
    with session.no_autoflush:
        said.apply(found, *(name for name in InvestmentChanges.model_fields if name != "amount"))
        if said.amount is not None:
            found.amount, found.currency = said.amount.pence, said.amount.currency
        if faults := [*_faults_of_investment(session, movement, found)]:
            raise Invalid(faults=faults)
    found.changed(clock.now())
    outbox.record(session, InvestmentChanged(investment=found.id, version=found.version))
    return found


def get_investment(session: Session, movement: str, investment: str) -> Investment:
    """One investment, or NotFound."""
    return _present(store.find_investment(session, movement, investment), "investment")


def drop_investment(session: Session, movement: str, investment: str, expected: int | None) -> None:
    """Take out what was noted by mistake. Raises NotFound, PreconditionFailed."""
    found = _present(store.investment_for_change(session, movement, investment), "investment")
    hold_to(found.version, expected)
    session.delete(found)
    outbox.record(session, InvestmentDropped(investment=investment))


def _faults_of_income(session: Session, movement: str, income: Income) -> Iterator[Fault]:
    stranger = partners.fault_of(session, movement, income.funder_organisation, "/funder_organisation")
    if stranger is not None:
        yield stranger
    if income.amount <= 0:
        yield Fault("/amount/amount", "must be more than zero", "not_positive")
    if income.ends_on < income.starts_on:
        yield Fault("/ends_on", "must not be before it starts", "before_start")
    if (income.kind == IncomeKind.TIED) != (income.tied_to is not None):
        yield Fault("/tied_to", "is said of tied money, and of no other", "tied_to_what")


def _faults_of_investment(session: Session, movement: str, investment: Investment) -> Iterator[Fault]:
    for pointer, organisation in (
        ("/investor_organisation", investment.investor_organisation),
        ("/recipient_organisation", investment.recipient_organisation),
    ):
        if (stranger := partners.fault_of(session, movement, organisation, pointer)) is not None:
            yield stranger
    if investment.amount <= 0:
        yield Fault("/amount/amount", "must be more than zero", "not_positive")
    if investment.fund_id is None:
        return
    fund = funds.find_fund(session, movement, investment.fund_id)
    if fund is None:
        yield Fault("/fund", "is no fund of this movement", "unknown_fund")
    elif fund.currency != investment.currency:
        yield Fault("/amount/currency", f"must be {fund.currency}", "wrong_currency")


def _present(found: T | None, what: str) -> T:
    if found is None:
        raise NotFound(f"there is no such {what}")
    return found
