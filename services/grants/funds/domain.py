"""What is done with funds: they are set up, and funders' contributions are promised to them and clear."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from services.grants.amounts import amount_faults
from services.grants.delegations.domain import acting_for, is_own
from services.grants.delegations.models import NotDelegated
from services.grants.funds import store
from services.grants.funds.models import Contribution, Fund, FundPosition, FundRead, Spending, Stage, UnderspendRule
from services.grants.funds.schemas import FundChanges
from services.grants.ledger import postings
from services.grants.places import store as places
from services.grants.rounds.rules import ANYBODY, StoredEligibility
from shared import clock, outbox
from shared.auth import Principal
from shared.editing import hold_to
from shared.errors import Fault, Invalid, NotFound
from shared.events.grants.funds import ContributionCleared, FundChanged, FundCreated
from shared.ids import new_id
from shared.money import Money
from shared.partners import answering as partners


def create_fund(
    session: Session,
    movement: str,
    *,
    name: str,
    currency: str,
    grant_maker: str,
    purpose: str,
    grant_maker_organisation: str | None = None,
    holder: str | None = None,
    programme: str | None = None,
    stage: Stage = Stage.EARLY,
    restrictions: StoredEligibility = ANYBODY,
    spend_by: date | None = None,
    underspend_rule: UnderspendRule | None = None,
) -> FundPosition:
    """Set up an empty fund. Raises Invalid (`unknown_organisation`)."""
    _refuse_strangers(session, movement, grant_maker_organisation, holder)
    at = clock.now()
    fund = Fund(
        movement=movement,
        id=new_id("fund"),
        name=name,
        currency=currency,
        grant_maker=grant_maker,
        purpose=purpose,
        grant_maker_organisation=grant_maker_organisation,
        holder=holder,
        programme=programme,
        stage=stage,
        restrictions=restrictions,
        spend_by=spend_by,
        underspend_rule=underspend_rule,
        promised=0,
        cleared=0,
        reserved=0,
        takes_suggestions=False,
        created_at=at,
        updated_at=at,
        version=1,
    )
    session.add(fund)
    places.note(session, movement, restrictions["places"])
    outbox.record(session, FundCreated(fund=fund.id, currency=currency))
    return FundPosition(fund, committed=0)


def change_fund(
    session: Session, movement: str, principal: Principal, fund_id: str, said: FundChanges, expected: int | None
) -> FundPosition:
    """Change what is said of a fund, which is for those whose own it is. Raises NotDelegated, PreconditionFailed."""
    fund = store.hold_fund(session, movement, fund_id)
    if fund is None:
        raise NotFound("there is no such fund")
    hold_to(fund.version, expected)
    if not is_own(session, movement, fund_id, acting_for(session, movement, principal)):
        raise NotDelegated("the fund is another organisation's", fund=fund_id)
    _refuse_strangers(session, movement, said.grant_maker_organisation, said.holder)
    said.apply(fund, *(name for name in FundChanges.model_fields if name != "restrictions"))
    if said.restrictions is not None:
        fund.restrictions = said.restrictions.stored()
        places.note(session, movement, fund.restrictions["places"])
    fund.changed(clock.now())
    outbox.record(session, FundChanged(fund=fund.id, version=fund.version))
    return get_fund(session, movement, fund_id)


def spending_of(session: Session, movement: str, fund_id: str, near_days: int) -> Spending:
    """How far a fund is spent, and how many days are left for the rest; ``near_days`` are few. Raises NotFound."""
    fund, committed = get_fund(session, movement, fund_id)
    left = None if fund.spend_by is None else (fund.spend_by - partners.today(session, movement)).days
    near = left is not None and left <= near_days
    return Spending(fund, committed, store.paid_of(session, movement, fund_id), left, near)


def get_fund(session: Session, movement: str, fund_id: str) -> FundPosition:
    """The fund with its totals, or NotFound."""
    position = store.find_position(session, movement, fund_id)
    if position is None:
        raise NotFound("there is no such fund")
    return position


def read_fund(session: Session, movement: str, fund_id: str) -> FundRead:
    """The same for whoever only reads it, or NotFound."""
    found = store.read(session, movement, fund_id)
    if found is None:
        raise NotFound("there is no such fund")
    return found


def take_suggestions(session: Session, movement: str, fund_id: str) -> FundPosition:
    """Let this fund, and no other of the movement, take the rounds that wishes suggest. Raises NotFound."""
    get_fund(session, movement, fund_id)
    store.choose_for_suggestions(session, movement, fund_id)
    return get_fund(session, movement, fund_id)


def promise_contribution(
    session: Session,
    movement: str,
    fund_id: str,
    *,
    funder: str,
    promised: Money,
    cleared: Money | None,
    restriction: str | None,
    fits: StoredEligibility = ANYBODY,
    funder_organisation: str | None = None,
    fee_allowed: bool | None = None,
) -> Contribution:
    """Note what a funder promised, and how much of it has cleared already: only that can be reserved by rounds."""
    fund = get_fund(session, movement, fund_id).fund
    faults = _faults_of_promise(fund, promised, cleared)
    if (stranger := partners.fault_of(session, movement, funder_organisation, "/funder_organisation")) is not None:
        faults.append(stranger)
    if faults:
        raise Invalid(faults=faults)
    contribution = Contribution(
        movement=movement,
        id=new_id("contrib"),
        fund_id=fund_id,
        funder=funder,
        funder_organisation=funder_organisation,
        restriction=restriction,
        currency=fund.currency,
        promised=promised.pence,
        cleared=0,
        fits=fits,
        # A funder who restricts its money says so where a fee may be taken of it all the same.
        fee_allowed=restriction is None if fee_allowed is None else fee_allowed,
        fees=0,
        returned=0,
        moved=0,
        created_at=clock.now(),
    )
    session.add(contribution)
    places.note(session, movement, fits["places"])
    store.receive(session, movement, fund_id, promised=promised.pence, cleared=0)
    postings.contribution_promised(session, movement, contribution, promised.pence, partners.today(session, movement))
    if cleared is not None and cleared.pence:
        _receive(session, contribution, cleared.pence)
    return contribution


def clear_contribution(
    session: Session, movement: str, fund_id: str, contribution_id: str, amount: Money
) -> Contribution:
    """Note that so much more of a promise has arrived; :class:`OverPromise` where it would be more than promised."""
    store.hold_fund(session, movement, fund_id)
    contribution = store.contribution_for_change(session, movement, fund_id, contribution_id)
    if contribution is None:
        raise NotFound("there is no such contribution to this fund")
    if faults := amount_faults(contribution.currency, amount=amount):
        raise Invalid(faults=faults)
    _receive(session, contribution, amount.pence)
    return contribution


def list_contributions(
    session: Session, movement: str, fund_id: str, *, after: str, limit: int
) -> Sequence[Contribution]:
    """The fund's contributions, or NotFound where there is no such fund."""
    get_fund(session, movement, fund_id)
    return store.list_contributions(session, movement, fund_id, after=after, limit=limit)


def _faults_of_promise(fund: Fund, promised: Money, cleared: Money | None) -> list[Fault]:
    faults = amount_faults(fund.currency, promised=promised)
    if cleared is not None and cleared.pence:
        faults += amount_faults(fund.currency, cleared=cleared)
        if not faults and cleared.pence > promised.pence:
            faults.append(Fault("/cleared/amount", "must not be more than was promised", "over_promise"))
    return faults


def _refuse_strangers(session: Session, movement: str, grant_maker: str | None, holder: str | None) -> None:
    named = {"/grant_maker_organisation": grant_maker, "/holder": holder}
    strangers = [partners.fault_of(session, movement, organisation, at) for at, organisation in named.items()]
    if faults := [fault for fault in strangers if fault is not None]:
        raise Invalid(faults=faults)


def _receive(session: Session, contribution: Contribution, pence: int) -> None:
    contribution.clear(pence)
    store.receive(session, contribution.movement, contribution.fund_id, promised=0, cleared=pence)
    today = partners.today(session, contribution.movement)
    postings.contribution_cleared(session, contribution.movement, contribution, pence, today)
    cleared = ContributionCleared(
        fund=contribution.fund_id,
        contribution=contribution.id,
        amount_pence=pence,
        currency=contribution.currency,
    )
    outbox.record(session, cleared)
