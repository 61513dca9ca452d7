"""Money that leaves a fund otherwise than by awards: a fee for running it, what goes back to its funder, and promises
that will not come. Rows are taken in the order fund, contribution."""

from sqlalchemy.orm import Session

from services.grants.amounts import amount_faults
from services.grants.days import today
from services.grants.delegations.domain import authorise
from services.grants.delegations.models import Power
from services.grants.funds import store
from services.grants.funds.models import Contribution, NotLeft
from services.grants.ledger import postings
from shared import outbox
from shared.auth import Principal
from shared.errors import Invalid, NotFound
from shared.events.grants.funds import ContributionReduced, ContributionReturned, ManagementFeeTaken
from shared.money import Money


def take_fee(
    session: Session, movement: str, principal: Principal, fund_id: str, contribution_id: str, amount: Money
) -> Contribution:
    """Take so much of a contribution for running its fund: what nobody holds of it. Raises NotDelegated, FeeForbidden
    and :class:`NotLeft`."""
    found = _held(session, movement, fund_id, contribution_id, amount)
    authorise(session, movement, principal, found.fund_id, Power.ADMINISTER)
    found.take_fee(amount.pence)
    _take_out(session, found, amount.pence)
    postings.management_fee_taken(session, movement, found, amount.pence, today(session, movement))
    _tell(session, ManagementFeeTaken, found, amount)
    return found


def give_back(
    session: Session, movement: str, principal: Principal, fund_id: str, contribution_id: str, amount: Money
) -> Contribution:
    """Send so much of a contribution back to its funder. Raises NotDelegated and :class:`NotLeft`."""
    found = _held(session, movement, fund_id, contribution_id, amount)
    authorise(session, movement, principal, found.fund_id, Power.ADMINISTER)
    send_back(session, found, amount.pence)
    return found


def send_back(session: Session, found: Contribution, pence: int) -> None:
    """The same of a contribution that is held, with its fund, by whoever may. Raises :class:`NotLeft`."""
    found.give_back(pence)
    _take_out(session, found, pence)
    postings.contribution_returned(session, found.movement, found, pence, today(session, found.movement))
    _tell(session, ContributionReturned, found, Money.of(pence, found.currency))


def reduce(session: Session, movement: str, fund_id: str, contribution_id: str, amount: Money) -> Contribution:
    """Note that so much of a promise will not come. Raises :class:`NotLeft` where it has come already."""
    found = _held(session, movement, fund_id, contribution_id, amount)
    found.reduce(amount.pence)
    store.receive(session, movement, found.fund_id, promised=-amount.pence, cleared=0)
    postings.promise_reduced(session, movement, found, amount.pence, today(session, movement))
    _tell(session, ContributionReduced, found, amount)
    return found


def _held(session: Session, movement: str, fund_id: str, contribution_id: str, amount: Money) -> Contribution:
    store.hold_fund(session, movement, fund_id)
    found = store.contribution_for_change(session, movement, fund_id, contribution_id)
    if found is None:
        raise NotFound("there is no such contribution to this fund")
    if faults := amount_faults(found.currency, amount=amount):
        raise Invalid(faults=faults)
    return found


def _take_out(session: Session, found: Contribution, pence: int) -> None:
    if not store.take_out(session, found.movement, found.fund_id, pence):
        raise NotLeft("rounds and awards hold more of the fund than that would leave")


def _tell(
    session: Session,
    event: type[ManagementFeeTaken | ContributionReturned | ContributionReduced],
    found: Contribution,
    amount: Money,
) -> None:
    told = event(fund=found.fund_id, contribution=found.id, amount_pence=amount.pence, currency=amount.currency)
    outbox.record(session, told)
